package io.guestflow.processor.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.analytics.ConversationMetrics;
import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Measurement;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.sandbox.webhooks.Happening;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One conversation, and all that the whole process derives of its facts. The ITs of windows, audit, alerts and measurement
 * look at each closely, and are long.
 */
@Timeout(240)
@ExtendWith(SharedBroker.class)
class DerivedIT {
    private static final Duration LONG = Duration.ofSeconds(90);

    @Test
    void aConversationIsCountedInItsWindowsAuditedAndMeasured(KafkaSandbox kafka) {
        try (GuestflowSandbox guestflow = new GuestflowSandbox(kafka.bootstrap(), DerivedIT.class)) {
            Instance processor = guestflow.start(
                    "processor",
                    Map.of(
                            "GUESTFLOW_ANALYTICS_WINDOWS", "5s",
                            "GUESTFLOW_ANALYTICS_GRACE", "1s",
                            "GUESTFLOW_MEASURE_BATCH_WAIT", "1s"));
            Chat chat = Chat.begin(guestflow);
            chat.tell(Happening.INBOUND);
            chat.awaitFact(Fact.MessageSeen.class, seen -> seen.direction() == Direction.INBOUND);
            guestflow.cxone().wrote(chat.id(), 1);
            guestflow.cxone().closeConversation(chat.id());
            chat.tell(Happening.CLOSED);

            ConversationMetrics measured = guestflow
                    .conversationMetrics()
                    .awaitOne(
                            "metrics of " + chat.id(),
                            metrics -> metrics.conversationId().equals(chat.id()))
                    .value();
            assertEquals(Measurement.MEASURED, measured.state());
            guestflow.settle(LONG);
            AuditTrail.eachRecordHasItsCause(kafka, AuditTrail.tellsEachFactOnce(guestflow, LONG), LONG);
            guestflow.windows().await("windows with all of it", all -> hasAll(last(all)), LONG);
            assertEquals(1, processor.metric("guestflow_application_running", "application=\"guestflow-facts\""));
        }
    }

    /** Of the guest, who is answered once, and of those who are refused because the sandbox settles. */
    private static boolean hasAll(Collection<MetricsWindow> windows) {
        return sum(windows, window -> window.auth().succeeded()) == 1
                && sum(windows, window -> window.auth().rejected()) == GuestflowSandbox.PARTITIONS
                && sum(windows, window -> window.sessions().opened()) == 1
                && sum(windows, window -> window.sessions().closed()) == 1
                && sum(windows, window -> window.messages().inbound()) == 1;
    }

    private static Collection<MetricsWindow> last(List<Entry<MetricsWindow>> all) {
        return all.stream()
                .map(Entry::value)
                .collect(Collectors.toMap(MetricsWindow::key, window -> window, (before, after) -> after))
                .values();
    }

    private static long sum(Collection<MetricsWindow> windows, ToLongFunction<MetricsWindow> count) {
        return windows.stream().mapToLong(count).sum();
    }
}
