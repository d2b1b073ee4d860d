package io.guestflow.processor.config;

/** What {@code --help} prints. */
final class HelpText {
    private static final String USAGE = """
            Usage: java -jar processor.jar [--config FILE] [--NAME=value ...]

              --config FILE    settings from a .properties file
              --NAME=value     one setting
              --print-config   print the settings in force, secrets masked, and end
              --rehearse       make what a start makes, without Kafka and CXone, and end: in a JVM that writes
                               an AOT cache, from which the next start is quicker
              --help           print this and end

            Precedence: defaults < file < environment < command line. Each secret may also be given as
            the path of a file, in NAME_FILE; never on the command line, which everybody can read.
            """;

    private static final String KAFKA = """

            KAFKA_*
              Any setting of Kafka's clients: security.protocol is KAFKA_SECURITY_PROTOCOL, and so on,
              except those that the guarantees own (docs/settings.md lists them).
            """;

    private HelpText() {}

    static String of() {
        var text = new StringBuilder(USAGE);
        for (Setting.Group group : Setting.Group.values()) {
            text.append('\n').append(group.title()).append('\n');
            for (Setting<?> setting : Catalogue.ALL) {
                if (setting.group() == group) {
                    text.append("  ")
                            .append(setting.name())
                            .append(" (")
                            .append(setting.defaultText().map(HelpText::shown).orElseGet(setting::requirement))
                            .append(")\n      ")
                            .append(setting.doc().replace("`", ""))
                            .append("\n      Expected: ")
                            .append(setting.type().expected().replace("`", ""))
                            .append('\n');
                }
            }
        }
        return text.append(KAFKA).toString();
    }

    private static String shown(String defaultText) {
        return defaultText.isEmpty() ? "empty" : defaultText;
    }
}
