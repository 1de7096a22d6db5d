package redoubt.core.tuf;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Whom a targets role asks about paths that it does not list.
public sealed interface Delegations {
  /// The delegations that speak for a path, in the order in which they are to be asked.
  List<Delegation> matching(String path);

  /// The delegations as they stand, one for all bins.
  List<Delegation> all();

  /// Roles by name, each with the paths for which it speaks.
  record Named(List<Delegation> all) implements Delegations {
    /// Copies.
    public Named {
      all = List.copyOf(all);
    }

    @Override
    public List<Delegation> matching(String path) {
      return all.stream().filter(each -> each.paths().match(path)).toList();
    }
  }

  /// Bins over the digest of the path, which all have the same keys (TUF 4.5, TAP 15).
  ///
  /// @param template the delegation of every bin but for its name, which is the prefix of all names
  /// @param bitLength how many bits of the digest choose, 1 to 32: `2^bitLength` bins
  record Bins(Delegation template, int bitLength) implements Delegations {
    private static final int WORD_BITS = 32;

    @Override
    public List<Delegation> matching(String path) {
      long word = HexFormat.fromHexDigitsToLong(PathRule.digestOf(path), 0, WORD_BITS / 4);
      long bin = word >>> (WORD_BITS - bitLength);
      int digits = (bitLength + 3) / 4;
      String suffix = HexFormat.of().toHexDigits(bin, digits);
      return List.of(template.withName(template.name() + "-" + suffix));
    }

    @Override
    public List<Delegation> all() {
      return List.of(template);
    }
  }

  /// Reads a `delegations` member, which has either `roles` or `succinct_roles`.
  ///
  /// @throws TufException if it has both or neither, or names a role twice
  static Delegations parse(Json.Members form) throws TufException {
    Map<String, VerifyingKey> known = Root.knownKeys(form.members("keys"));
    if (form.find("roles").isPresent() == form.find("succinct_roles").isPresent()) {
      throw TufException.malformed("delegations need either roles or succinct_roles");
    }
    if (form.find("succinct_roles").isPresent()) {
      return parseBins(form.members("succinct_roles"), known);
    }
    List<Delegation> roles = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Json.Members role : form.objects("roles")) {
      Delegation delegation = Delegation.parse(role, known);
      roles.add(delegation);
      if (!names.add(delegation.name())) {
        throw TufException.malformed("a role is delegated to twice: name=" + delegation.name());
      }
    }
    return new Named(roles);
  }

  private static Bins parseBins(Json.Members form, Map<String, VerifyingKey> known)
      throws TufException {
    long bitLength = form.whole("bit_length", 1);
    if (bitLength > Bins.WORD_BITS) {
      throw TufException.malformed("too many bins: bit_length=" + bitLength);
    }
    String prefix = form.text("name_prefix");
    RoleName.require(prefix + "-00000000");
    Delegation template =
        new Delegation(prefix, RoleKeys.parse(form, known), false, new PathRule.Everything(), form);
    return new Bins(template, (int) bitLength);
  }
}
