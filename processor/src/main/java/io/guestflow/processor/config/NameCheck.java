package io.guestflow.processor.config;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Finds names that are nobody's. */
final class NameCheck {
    private static final Set<String> OURS = ours();
    private static final Set<String> KAFKAS = kafkas();
    private static final Set<String> ALL = union(OURS, KAFKAS);

    private NameCheck() {}

    /**
     * A name in the file or on the command line was written for this process, so an unknown one is a mistake. The environment
     * holds other people's names too (Kubernetes adds KAFKA_PORT for a service "kafka"), so there it is ignored, aloud.
     */
    static void check(GivenValues given, List<String> problems, List<String> warnings) {
        for (String name : given.writtenNames()) {
            if (!ALL.contains(name)) {
                problems.add(name + " (" + given.writtenIn(name).title() + "): is no setting; expected "
                        + Suggestion.nearest(name, ALL)
                                .map(nearest -> "perhaps " + nearest)
                                .orElse("a name that --help lists"));
            }
        }
        warn(given, name -> name.startsWith("GUESTFLOW_") || name.startsWith("CXONE_"), "setting", warnings);
        warn(given, name -> name.startsWith(KafkaConfigs.PREFIX), "client setting of Kafka", warnings);
    }

    private static void warn(GivenValues given, Predicate<String> prefixed, String what, List<String> warnings) {
        List<String> unknown = given.environment().keySet().stream()
                .filter(prefixed)
                .filter(name -> !ALL.contains(name))
                .sorted()
                .map(name -> Suggestion.nearest(name, ALL)
                        .map(nearest -> name + " (did you mean " + nearest + "?)")
                        .orElse(name))
                .toList();
        if (!unknown.isEmpty()) {
            warnings.add(
                    "ignored in the environment, because no " + what + " has that name: " + String.join(", ", unknown));
        }
    }

    private static Set<String> ours() {
        var names = new TreeSet<String>();
        for (Setting<?> setting : Catalogue.ALL) {
            names.add(setting.name());
            if (setting.secret()) {
                names.add(setting.fileName());
            }
        }
        return names;
    }

    private static Set<String> kafkas() {
        var names = new TreeSet<String>();
        KafkaConfigs.KNOWN.forEach((name, key) -> {
            names.add(name);
            if (KafkaConfigs.isSecret(key)) {
                names.add(name + Setting.FILE_SUFFIX);
            }
        });
        return names;
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        var names = new TreeSet<>(some);
        names.addAll(others);
        return names;
    }
}
