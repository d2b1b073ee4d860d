package io.guestflow.processor.effects.cxone;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;

/**
 * The JDK's HTTP client under two bounds of ours: the time until the last byte of the answer, which
 * {@link HttpRequest.Builder#timeout} does not cover, and the answer's size. Redirects are not followed: a token must
 * not travel to another host.
 *
 * <p>Threading: any thread.
 */
final class Wire implements AutoCloseable {

    /** An answer of CXone's is some hundred bytes. */
    static final int MAX_BODY = 1024 * 1024;

    /** How an exchange ended. */
    sealed interface Ending {
        /** With a whole answer. */
        record Whole(HttpResponse<byte[]> response) implements Ending {}

        /** Without one. */
        record Broken(CallFailure.Cause cause) implements Ending {}
    }

    private static final BodyHandler<byte[]> BOUNDED = BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY);

    private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client;
    private volatile boolean closed;

    Wire(Duration connectTimeout, HttpClient.Version version) {
        client = HttpClient.newBuilder()
                .connectTimeout(connectTimeout)
                .version(version)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(tasks)
                .build();
    }

    Ending exchange(HttpRequest request, Duration bound) {
        AtomicBoolean headSeen = new AtomicBoolean();
        CompletableFuture<HttpResponse<byte[]>> exchange = client.sendAsync(request, head -> {
            headSeen.set(true);
            return BOUNDED.apply(head);
        });
        try {
            return new Ending.Whole(exchange.get(bound.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            // Cancelling closes the connection; its answer, should it still come, can reach nobody else.
            exchange.cancel(true);
            return new Ending.Broken(CallFailure.Cause.TIMEOUT);
        } catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw cancelled("interrupted while waiting for CXone", e);
        } catch (ExecutionException e) {
            if (closed) {
                throw cancelled("the CXone client was closed", e);
            }
            if (e.getCause() instanceof IOException cause) {
                return new Ending.Broken(headSeen.get() ? CallFailure.Cause.UNREADABLE : causeOf(cause));
            }
            throw new IllegalStateException("the HTTP client failed on a request that it should accept", e.getCause());
        }
    }

    private static CallFailure.Cause causeOf(IOException cause) {
        return switch (cause) {
            case HttpConnectTimeoutException _ -> CallFailure.Cause.TIMEOUT;
            case ConnectException _, SSLException _ -> CallFailure.Cause.CONNECT;
            default -> CallFailure.Cause.RESET;
        };
    }

    private static CancellationException cancelled(String why, Exception cause) {
        CancellationException cancelled = new CancellationException(why);
        cancelled.initCause(cause);
        return cancelled;
    }

    @Override
    public void close() {
        closed = true;
        client.shutdownNow();
        client.close();
        tasks.close();
    }
}
