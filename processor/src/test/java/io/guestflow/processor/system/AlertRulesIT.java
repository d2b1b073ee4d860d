package io.guestflow.processor.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the rules for Prometheus look at. A rule about a meter that does not exist is silent for ever. */
@Tag("full")
@Timeout(240)
@ExtendWith(SharedBroker.class)
class AlertRulesIT {
    private static final Path RULES = Path.of("deploy", "alerts.rules.yml");
    private static final Pattern METER = Pattern.compile("\\b(?:guestflow|kafka)_[a-z_]+");
    private static final Pattern SELECTOR = Pattern.compile("(" + METER.pattern() + ")\\{([a-z_]+)=(~?)\"([^\"]+)\"}");
    private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    /** Prometheus adds them. */
    private static final Set<String> OF_THE_SCRAPE = Set.of("instance", "job");

    private final KafkaSandbox kafka;
    private GuestflowSandbox guestflow;

    AlertRulesIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void start() {
        kafka.deleteAllTopicsAndGroups();
        guestflow = new GuestflowSandbox(kafka.bootstrap(), AlertRulesIT.class);
    }

    @AfterEach
    void stop() {
        guestflow.close();
    }

    /** Before anything has happened: the first count of a counter that does not exist yet is no increase. */
    @Test
    void everyMeterAndLabelThatTheRulesNameIsThereFromTheStart() throws IOException {
        String rules = Files.readAllLines(RULES).stream()
                .filter(line -> !line.strip().startsWith("#"))
                .collect(Collectors.joining("\n"));
        List<Wanted> wanted = wanted(rules);
        assertTrue(wanted.size() > 40, wanted::toString);
        Instance processor = guestflow.start("processor", Map.of());
        // Kafka's meters are looked for every 15 s.
        await().atMost(Entries.SOON).untilAsserted(() -> {
            List<Sample> samples = samples(processor.get("/metrics").body());
            assertEquals(
                    List.of(),
                    wanted.stream()
                            .filter(each -> samples.stream().noneMatch(each::isThere))
                            .toList());
        });
    }

    /** One sample of a scrape. */
    private record Sample(String meter, Map<String, String> labels) {}

    /** A meter, or one with that label, or one with that label and a value of that pattern. */
    private record Wanted(String meter, String label, String value) {
        boolean isThere(Sample sample) {
            String there = sample.labels().get(label);
            return sample.meter().equals(meter)
                    && (label.isEmpty() || there != null && (value.isEmpty() || Pattern.matches(value, there)));
        }
    }

    private static List<Wanted> wanted(String rules) {
        List<Wanted> wanted = new ArrayList<>();
        METER.matcher(rules).results().forEach(found -> wanted.add(new Wanted(found.group(), "", "")));
        SELECTOR.matcher(rules)
                .results()
                .forEach(found -> Arrays.stream(found.group(4).split("\\|"))
                        .forEach(value -> wanted.add(new Wanted(found.group(1), found.group(2), value))));
        Matcher by = BY.matcher(rules);
        Matcher meter = METER.matcher(rules);
        while (by.find()) {
            assertTrue(meter.find(by.end()), by.group());
            Arrays.stream(by.group(1).split(", *"))
                    .filter(label -> !OF_THE_SCRAPE.contains(label))
                    .forEach(label -> wanted.add(new Wanted(meter.group(), label, "")));
        }
        // Guests wait in them.
        for (String topic : List.of(
                Topics.CXONE_AUTH_COMMANDS.name(), Topics.CXONE_SESSION_COMMANDS.name(), "guest-auth-requests")) {
            wanted.add(new Wanted("kafka_consumer_fetch_manager_records_lag", "topic", topic));
        }
        return wanted;
    }

    private static List<Sample> samples(String scraped) {
        return SAMPLE.matcher(scraped)
                .results()
                .map(found -> {
                    Map<String, String> labels = new HashMap<>();
                    if (found.group(2) != null) {
                        LABEL.matcher(found.group(2))
                                .results()
                                .forEach(label -> labels.put(label.group(1), label.group(2)));
                    }
                    return new Sample(found.group(1), labels);
                })
                .toList();
    }
}
