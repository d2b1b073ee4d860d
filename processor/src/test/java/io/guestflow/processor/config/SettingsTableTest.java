package io.guestflow.processor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/settings.md} against the catalogue. */
class SettingsTableTest {
    private static final Path TABLE = Path.of("docs", "settings.md");
    private static final String WRITE = "settings.table.write";

    @Test
    void theTableInTheDocumentationIsWhatTheCodeSays() throws IOException {
        String table = table();
        if (Boolean.getBoolean(WRITE)) {
            Files.createDirectories(TABLE.getParent());
            Files.writeString(TABLE, table);
        }
        assertEquals(
                table,
                Files.exists(TABLE) ? Files.readString(TABLE) : "",
                "processor/docs/settings.md is out of date; write it again with: ./mvnw -pl processor -am test "
                        + "-Dtest=SettingsTableTest -Dsurefire.failIfNoSpecifiedTests=false -D" + WRITE + "=true");
    }

    private static String table() {
        var text = new StringBuilder("""
                # Settings

                Made from the code by `SettingsTableTest`; edit `Catalogue.java` instead.

                Every setting has one name: in the environment, in the `.properties` file that `--config FILE` names, and as
                `--NAME=value`. Precedence: defaults < file < environment < command line. An empty variable in the environment
                counts as not set; in the file and on the command line an empty value is the empty list. All mistakes are
                reported at once, and the process ends with exit code 2.

                A *secret* may be given as the path of a file instead, in `NAME_FILE` (one newline at its end is dropped), but
                not on the command line, which everybody on the machine can read. `--print-config` prints what is in force,
                secrets masked.

                Durations read `500ms`, `6s`, `15m`, `12h`, `7d` or `PT6S`; sizes `64KiB`, `64MiB`, `1GiB`; a rate of 0 means no limit.
                """);
        for (Setting.Group group : Setting.Group.values()) {
            text.append("\n## ").append(group.title()).append("\n\n| name | default | values | |\n|---|---|---|---|\n");
            for (Setting<?> setting : Catalogue.ALL) {
                if (setting.group() == group) {
                    text.append(row(setting));
                }
            }
        }
        return text.append(kafka()).toString();
    }

    private static String row(Setting<?> setting) {
        String shown = setting.defaultText()
                .map(value -> value.isEmpty() ? "empty" : "`" + value + "`")
                .orElseGet(() -> "*" + setting.requirement() + "*");
        return Stream.of(
                        "`" + setting.name() + "`" + (setting.secret() ? " (secret)" : ""),
                        shown,
                        setting.type().expected(),
                        setting.doc())
                .map(cell -> cell.replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String kafka() {
        var reasons = new LinkedHashMap<String, TreeSet<String>>();
        KafkaConfigs.OWNED.forEach((config, why) ->
                reasons.computeIfAbsent(why, key -> new TreeSet<>()).add("`" + config + "`"));
        var text = new StringBuilder("""

                ## `KAFKA_*`

                Every setting of Kafka's consumers, producers and admin clients passes through: `security.protocol` is
                `KAFKA_SECURITY_PROTOCOL`, and so on. Each client gets the ones it knows. Kafka's passwords (`sasl.jaas.config`,
                `ssl.keystore.password`, ...) are secrets as above, `_FILE` included. Names that Kafka does not know are an error in
                the file and on the command line, and are ignored with one warning in the environment, where Kubernetes puts
                `KAFKA_PORT` and its like. Those that the guarantees own are refused:

                | Kafka's name | why |
                |---|---|
                """);
        for (Map.Entry<String, TreeSet<String>> reason : reasons.entrySet()) {
            text.append("| ")
                    .append(String.join(" ", reason.getValue()))
                    .append(" | ")
                    .append(reason.getKey())
                    .append(" |\n");
        }
        return text.toString();
    }
}
