package io.guestflow.processor.sandbox.demo;

import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.demo.Visit.Move;
import io.guestflow.processor.sandbox.demo.Visit.When;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Lets guests make their visits, as many at once as come.
 *
 * <p>Threading: one virtual thread for each visit.
 */
final class Guests implements AutoCloseable {
    /** Longer than any guest waits for an answer. */
    private static final Duration GIVES_UP_AFTER = Duration.ofSeconds(20);

    /** A guest who comes back does so a moment later. */
    private static final Duration MOMENT = Duration.ofMillis(300);

    private final KafkaSandbox kafka;
    private final Ledger ledger;
    private final Figures figures;
    private final Screen screen;
    private final ExecutorService visits = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    Guests(KafkaSandbox kafka, Ledger ledger, Figures figures, Screen screen) {
        this.kafka = kafka;
        this.ledger = ledger;
        this.figures = figures;
        this.screen = screen;
    }

    /** Begins the visit and returns. */
    void come(Visit visit) {
        visits.execute(() -> {
            try {
                play(visit);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | RuntimeException e) {
                failure.compareAndSet(null, e);
            }
        });
    }

    /** @throws IllegalStateException when a request could not be sent */
    void check() {
        Exception e = failure.get();
        if (e != null) {
            throw new IllegalStateException("a request could not be sent: " + e.getMessage(), e);
        }
    }

    /** Ends all visits. */
    @Override
    public void close() {
        visits.shutdownNow();
        visits.close();
    }

    private void play(Visit visit) throws InterruptedException, ExecutionException {
        var answersSeen = new HashMap<Asked, Integer>();
        var sent = new ArrayList<Map.Entry<Asked, Future<RecordMetadata>>>();
        for (Move move : visit.moves()) {
            if (move.when() == When.ANSWERED) {
                int number = answersSeen.merge(move.asked(), 1, Integer::sum);
                GuestAuthResult answer = ledger.awaitFinal(move.asked(), number, GIVES_UP_AFTER);
                if (answer == null) {
                    // No answer is what the check will find; there is nothing to come back for.
                    break;
                }
                Thread.sleep(askedToWait(answer).plus(MOMENT));
            }
            sent.add(Map.entry(move.asked(), send(move)));
        }
        for (var one : sent) {
            ledger.lies(one.getKey(), one.getValue().get());
        }
    }

    private Future<RecordMetadata> send(Move move) {
        long now = System.nanoTime();
        boolean again = ledger.sending(move.asked(), now) > 1;
        figures.sent();
        screen.asked(move.asked(), again ? "once more" : "", now);
        return kafka.send(move.message());
    }

    private static Duration askedToWait(GuestAuthResult answer) {
        return answer instanceof NotAuthenticated refused
                        && refused.error().retryAfterSeconds() instanceof Integer seconds
                ? Duration.ofSeconds(seconds)
                : Duration.ZERO;
    }
}
