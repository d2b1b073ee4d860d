package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.processor.sandbox.ChildJvm;
import io.guestflow.processor.sandbox.JvmCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;

/**
 * {@link CountMain} in its process.
 *
 * <p>Threading: one thread.
 */
final class CountProcess implements AutoCloseable {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    private final ChildJvm jvm;
    private final URI base;
    private final HttpClient http = HttpClient.newHttpClient();

    private CountProcess(ChildJvm jvm, URI base) {
        this.jvm = jvm;
        this.base = base;
    }

    static CountProcess start(String bootstrap, Path stateDir, Path jvmOptions, Path logs) {
        ChildJvm jvm = ChildJvm.start(new JvmCommand(
                "count",
                CountMain.class.getName(),
                CountMain.arguments(bootstrap, stateDir),
                List.of("@" + jvmOptions),
                JvmCommand.ownClassPath(),
                new HashMap<>(System.getenv()),
                logs));
        try {
            String line = jvm.awaitLine(CountMain.READY, said -> said.startsWith(CountMain.READY), WITHIN);
            return new CountProcess(jvm, URI.create("http://" + line.substring(CountMain.READY.length())));
        } catch (RuntimeException e) {
            jvm.close();
            throw e;
        }
    }

    /** Begins to count under that application's name; returns at once. */
    void begin(String application, CountMain.By by) {
        post(CountMain.START + application + "/" + by);
    }

    /** Ends it and forgets its state; returns when that is done. */
    void end() {
        post(CountMain.STOP);
    }

    /** Records that the application which runs has counted, committed or not. */
    long processed() {
        return Long.parseLong(send(request(CountMain.PROCESSED).build()));
    }

    long pid() {
        return jvm.pid();
    }

    @Override
    public void close() {
        http.close();
        jvm.close();
    }

    private void post(String path) {
        send(request(path).POST(HttpRequest.BodyPublishers.noBody()).build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(WITHIN.plusSeconds(30));
    }

    private String send(HttpRequest request) {
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(
                        "the bare count answered " + answer.statusCode() + "; see " + jvm.stderr());
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException("the bare count does not answer; see " + jvm.stderr(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking the bare count", e);
        }
    }
}
