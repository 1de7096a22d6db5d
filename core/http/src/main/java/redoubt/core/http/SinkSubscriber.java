package redoubt.core.http;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;
import redoubt.core.tuf.mirror.BoundedSink;

/// Takes the body of an answer part by part and ends the exchange with the first part too many.
///
/// The client's thread writes; whoever waits may ask for the rate, and stops it before the sink
/// becomes anybody else's.
final class SinkSubscriber implements BodySubscriber<Boolean> {
  private final BoundedSink sink;
  private final CompletableFuture<Boolean> done = new CompletableFuture<>();
  private @Nullable Subscription subscription;
  private volatile long beganNanos;
  private boolean stopped;

  SinkSubscriber(BoundedSink sink) {
    this.sink = sink;
  }

  /// Takes the body, or throws it away.
  BodySubscriber<Boolean> takeBody(boolean wanted) {
    beganNanos = Math.max(1, System.nanoTime());
    return wanted ? this : BodySubscribers.replacing(false);
  }

  /// Whether the body comes too slowly. The client itself bounds the time until it begins.
  boolean isTooSlow(HttpPatience patience) {
    long began = beganNanos;
    return began != 0 && patience.isTooSlow(sink.takenBytes(), System.nanoTime() - began);
  }

  /// Lets nothing more reach the sink.
  synchronized void stop() {
    stopped = true;
    if (subscription != null) {
      subscription.cancel();
    }
  }

  @Override
  public CompletionStage<Boolean> getBody() {
    return done;
  }

  @Override
  public synchronized void onSubscribe(Subscription newSubscription) {
    subscription = newSubscription;
    newSubscription.request(1);
  }

  @Override
  public synchronized void onNext(List<ByteBuffer> parts) {
    if (stopped) {
      return;
    }
    try {
      for (ByteBuffer part : parts) {
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        sink.write(bytes, bytes.length);
      }
      if (subscription != null) {
        subscription.request(1);
      }
    } catch (IOException e) {
      stop();
      done.completeExceptionally(e);
    }
  }

  @Override
  public void onError(Throwable problem) {
    done.completeExceptionally(problem);
  }

  @Override
  public void onComplete() {
    done.complete(true);
  }
}
