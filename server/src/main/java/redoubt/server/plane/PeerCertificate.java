package redoubt.server.plane;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Tells each call which certificate the other side has shown: TLS has verified that it is one of
/// our authority and that the other side has its key.
final class PeerCertificate implements ServerInterceptor {
  private static final Context.Key<X509Certificate> SHOWN = Context.key("certificate");

  /// The one of the call that is handled by this thread; nothing if none was shown.
  static Optional<X509Certificate> shown() {
    return Optional.ofNullable(SHOWN.get());
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    @Nullable X509Certificate certificate =
        of(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
    return Contexts.interceptCall(
        Context.current().withValue(SHOWN, certificate), call, headers, next);
  }

  private static @Nullable X509Certificate of(@Nullable SSLSession session) {
    try {
      return session == null ? null : (X509Certificate) session.getPeerCertificates()[0];
    } catch (SSLPeerUnverifiedException _) {
      return null; // It has shown none.
    }
  }
}
