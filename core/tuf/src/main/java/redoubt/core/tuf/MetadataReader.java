package redoubt.core.tuf;

/// How metadata is read that others sent.
public enum MetadataReader {
  /// Any form that JSON has; signatures are looked at when the file has been parsed.
  ANY_FORM {
    @Override
    public <T extends Signed> Metadata<T> read(
        byte[] file, Class<T> kind, RoleKeys keys, String step) throws TufException {
      Metadata<T> metadata = Metadata.parse(file, kind);
      keys.require(metadata, step);
      return metadata;
    }
  },

  /// The canonical form alone, of which nothing is parsed before enough keys have vouched for it:
  /// for whoever runs with privileges.
  SIGNATURES_FIRST {
    @Override
    public <T extends Signed> Metadata<T> read(
        byte[] file, Class<T> kind, RoleKeys keys, String step) throws TufException {
      Envelope envelope = Envelope.split(file);
      keys.require(envelope.signedBytes(), envelope.signatures(), step);
      return Metadata.parse(envelope, kind);
    }
  };

  /// Reads a file of which enough signatures are right.
  ///
  /// @param keys who may sign it
  /// @param step of the specification that asks for the signatures
  /// @throws TufException if it is no such metadata, or has too few
  public abstract <T extends Signed> Metadata<T> read(
      byte[] file, Class<T> kind, RoleKeys keys, String step) throws TufException;
}
