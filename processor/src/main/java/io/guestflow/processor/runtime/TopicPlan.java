package io.guestflow.processor.runtime;

import io.guestflow.contracts.Topic;
import io.guestflow.contracts.Topic.Partitions;
import io.guestflow.contracts.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * What is to be done so that the topics are as the catalogue says: a function of the catalogue, of what exists, and of the
 * settings.
 *
 * @param toCreate topics that are missing and may be created
 * @param problems what keeps the process from starting, one line each, with the command that mends it
 * @param warnings what does not, likewise
 * @param partitions the count of all topics that must have equal counts
 */
record TopicPlan(List<NewTopic> toCreate, List<String> problems, List<String> warnings, int partitions) {

    /**
     * @param existing the catalogue's topics that are there
     * @param state partition counts of the topics that Streams made for the applications' state
     */
    static TopicPlan of(
            Collection<Topic<?>> catalogue,
            Map<String, ExistingTopic> existing,
            Map<String, Integer> state,
            TopicSettings settings,
            TopicCommands commands) {
        int partitions = partitions(catalogue, existing, state, settings);
        NewTopics newTopics = new NewTopics(partitions, settings.replication());
        List<NewTopic> toCreate = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (Topic<?> topic : catalogue) {
            ExistingTopic found = existing.get(topic.name());
            if (found != null) {
                TopicFindings findings = new TopicFindings(topic, found, newTopics.of(topic), commands);
                problems.addAll(findings.problems());
                warnings.addAll(findings.warnings());
            } else if (settings.create()) {
                toCreate.add(newTopics.of(topic));
            } else {
                problems.add("topic " + topic.name() + " is missing, and GUESTFLOW_TOPICS_CREATE is false: "
                        + commands.create(newTopics.of(topic)));
            }
        }
        problems.addAll(stateProblems(state, partitions, commands));
        return new TopicPlan(List.copyOf(toCreate), List.copyOf(problems), List.copyOf(warnings), partitions);
    }

    /**
     * The count that topics have: that of the state if a topic has it too, so that one topic that was changed alone is
     * the one that is wrong; else the highest, because a count can be raised and not lowered.
     */
    private static int partitions(
            Collection<Topic<?>> catalogue,
            Map<String, ExistingTopic> existing,
            Map<String, Integer> state,
            TopicSettings settings) {
        List<Integer> counts = catalogue.stream()
                // More partitions of the audit than are used do no harm, and must not decide about the others.
                .filter(topic -> topic.partitions() == Partitions.EQUAL && !topic.equals(Topics.GUEST_AUDIT))
                .map(topic -> existing.get(topic.name()))
                .filter(Objects::nonNull)
                .map(ExistingTopic::partitions)
                .toList();
        List<Integer> ofState = state.values().stream().distinct().toList();
        if (ofState.size() == 1 && (counts.isEmpty() || counts.contains(ofState.getFirst()))) {
            return ofState.getFirst();
        }
        return counts.stream().max(Integer::compare).orElse(settings.partitions());
    }

    private static final String AUDIT_GOES_ON = "; the audit's chains must be told to go on, with"
            + " GUESTFLOW_AUDIT_ON_LOST_STATE=continue at the next start";

    private static boolean hasAudit(List<String> state) {
        return state.stream().anyMatch(topic -> topic.contains("-audit-"));
    }

    private static List<String> stateProblems(Map<String, Integer> state, int partitions, TopicCommands commands) {
        Map<Integer, List<String>> wrong = new TreeMap<>();
        new TreeMap<>(state).forEach((topic, count) -> {
            if (count != partitions) {
                wrong.computeIfAbsent(count, c -> new ArrayList<>()).add(topic);
            }
        });
        return wrong.entrySet().stream()
                .map(entry -> "the state on " + String.join(", ", entry.getValue()) + " was made with " + entry.getKey()
                        + " partitions, the topics have " + partitions
                        + ": stop all instances, delete their state directories and run (what is pending or remembered"
                        + " is forgotten" + (hasAudit(entry.getValue()) ? AUDIT_GOES_ON : "")
                        + ") " + commands.delete(entry.getValue()))
                .toList();
    }
}
