package io.guestflow.processor.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The arguments of the process.
 *
 * @param values settings given as {@code --NAME=value}; of two with one name the last one counts
 */
record CommandLine(Ask ask, Optional<Path> file, Map<String, String> values) {

    /** What the caller wants of the process. */
    enum Ask {
        RUN,
        HELP,
        PRINT_CONFIG,
        REHEARSE
    }

    static CommandLine parse(String[] args, List<String> problems) {
        Ask ask = Ask.RUN;
        Optional<Path> file = Optional.empty();
        var values = new LinkedHashMap<String, String>();
        for (int i = 0; i < args.length; i++) {
            String arg = args[i];
            int equals = arg.indexOf('=');
            String option = equals < 0 ? arg : arg.substring(0, equals);
            switch (option) {
                case "--help", "-h" -> ask = Ask.HELP;
                case "--print-config" -> ask = ask == Ask.HELP ? ask : Ask.PRINT_CONFIG;
                case "--rehearse" -> ask = ask == Ask.RUN ? Ask.REHEARSE : ask;
                case "--config" -> {
                    String path = equals >= 0 ? arg.substring(equals + 1) : i + 1 < args.length ? args[++i] : "";
                    if (path.isBlank()) {
                        problems.add("--config: names no file; expected --config FILE");
                    } else {
                        file = Optional.of(Path.of(path));
                    }
                }
                default -> {
                    if (!option.startsWith("--")) {
                        // Not repeated: it may be the value of a secret that someone put after its name.
                        problems.add("argument " + (i + 1) + ": is no option; expected --NAME=value, in one argument");
                    } else if (equals < 0) {
                        problems.add(option + ": has no value; expected " + option + "=value");
                    } else {
                        values.put(option.substring(2), arg.substring(equals + 1));
                    }
                }
            }
        }
        return new CommandLine(ask, file, new TreeMap<>(values));
    }
}
