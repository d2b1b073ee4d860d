package io.guestflow.processor.system;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.alerts.Alert;
import io.guestflow.contracts.alerts.AlertKind;
import io.guestflow.contracts.alerts.AlertState;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import io.guestflow.processor.system.Entries.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an operator is told when CXone fails, and what the rules for Prometheus look at. */
@Timeout(240)
@ExtendWith(SharedBroker.class)
class AlertsIT {
    private static final Path RULES = Path.of("deploy", "alerts.rules.yml");
    private static final Pattern METER = Pattern.compile("\\b(?:guestflow|kafka)_[a-z_]+");
    private static final Pattern SELECTOR = Pattern.compile("(" + METER.pattern() + ")\\{([a-z_]+=\"\\w+\")}");
    private static final int GUESTS = 30;

    private final KafkaSandbox kafka;
    private GuestflowSandbox guestflow;

    AlertsIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void start() {
        kafka.deleteAllTopicsAndGroups();
        guestflow = new GuestflowSandbox(kafka.bootstrap(), AlertsIT.class);
    }

    @AfterEach
    void stop() {
        guestflow.close();
    }

    @Test
    void aBurstOfErrorsFiresOnceAndIsOverOnceThroughAKill() throws IOException {
        Instance processor = guestflow.start("processor", Map.of("GUESTFLOW_ALERTS_WINDOW", "10s"));
        ask().forEach(request -> assertInstanceOf(
                Authenticated.class, guestflow.results().await(request).value()));
        guestflow.cxone().fault(Endpoint.CREATE, new Fault.Status(400));
        ask().forEach(request -> assertInstanceOf(
                NotAuthenticated.class, guestflow.results().await(request).value()));
        guestflow.cxoneHeals();
        guestflow.alerts().await("both alerts fire", all -> states(all).size() == 2, Entries.SOON);
        everyMeterThatTheRulesNameIsThere(processor);

        processor.kill();
        processor.restart();
        guestflow
                .alerts()
                .await(
                        "both alerts are over",
                        all -> states(all).values().stream().allMatch(states -> states.contains(AlertState.RESOLVED)),
                        Entries.SOON);
        // What came after that would be told by now: windows have gone by since.
        ask().forEach(request -> assertInstanceOf(
                Authenticated.class, guestflow.results().await(request).value()));
        guestflow.settle(Entries.SOON);
        List<AlertState> once = List.of(AlertState.FIRING, AlertState.RESOLVED);
        assertEquals(
                Map.of(
                        AlertKind.AUTH_ERROR_RATE + "|all",
                        once,
                        AlertKind.AUTH_ERROR_RATE + "|channel:" + GuestRequest.CHANNEL,
                        once),
                states(guestflow.alerts().all()));
    }

    private List<GuestRequest> ask() {
        return Stream.generate(GuestRequest::ofNewGuest)
                .limit(GUESTS)
                .peek(guestflow::send)
                .toList();
    }

    /** By key, in their order. */
    private static Map<String, List<AlertState>> states(List<Entry<Alert>> alerts) {
        return alerts.stream()
                .collect(groupingBy(
                        entry -> entry.record().key(),
                        mapping(entry -> entry.value().state(), toList())));
    }

    /** A rule about a meter that does not exist is silent for ever. */
    private void everyMeterThatTheRulesNameIsThere(Instance processor) throws IOException {
        String rules = Files.readString(RULES);
        GuestflowSandbox.sent(
                kafka.send(new ProducerRecord<>(Topics.GUEST_AUTH_REQUESTS.name(), new byte[] {'{', '}'})));
        Set<String> meters = new TreeSet<>();
        METER.matcher(rules).results().forEach(found -> meters.add(found.group()));
        List<String> selectors = new ArrayList<>();
        Matcher selector = SELECTOR.matcher(rules);
        while (selector.find()) {
            // Facts are counted by kind when there is one of it.
            if (!selector.group(1).equals("guestflow_facts_total")) {
                selectors.add(selector.group(1) + " " + selector.group(2));
            }
        }
        assertTrue(rules.contains("kind=\"" + Fact.SessionRefreshed.class.getSimpleName() + "\""));
        assertTrue(meters.size() > 8 && selectors.size() > 8, () -> meters + " " + selectors);
        // Kafka's meters are looked for every 15 s.
        await().atMost(Entries.SOON).untilAsserted(() -> {
            List<String> lines = processor.get("/metrics").body().lines().toList();
            assertEquals(
                    List.of(),
                    meters.stream()
                            .filter(meter -> lines.stream()
                                    .noneMatch(line -> line.startsWith(meter + "{") || line.startsWith(meter + " ")))
                            .toList());
            assertEquals(
                    List.of(),
                    selectors.stream()
                            .filter(wanted -> lines.stream()
                                    .noneMatch(line -> line.startsWith(wanted.split(" ", 2)[0] + "{")
                                            && line.contains(wanted.split(" ", 2)[1])))
                            .toList());
        });
    }
}
