package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.ChildJvm;
import io.guestflow.processor.sandbox.JvmCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What HTTP alone allows.
 *
 * @param inFlight guests at once
 * @param failed guests whose calls did not both succeed, warm-up included
 */
record Ceiling(int inFlight, double guestsPerSecond, long failed) {

    static Ceiling measure(CeilingMain.Arguments arguments, Path jvmOptions, Path logs) {
        try (ChildJvm jvm = ChildJvm.start(new JvmCommand(
                "ceiling",
                CeilingMain.class.getName(),
                arguments.toList(),
                List.of("@" + jvmOptions),
                JvmCommand.ownClassPath(),
                System.getenv(),
                logs))) {
            Duration within = arguments.warmUp().plus(arguments.length()).plusSeconds(30);
            String line = jvm.awaitLine(CeilingMain.SAYS, said -> said.startsWith(CeilingMain.SAYS), within);
            Map<String, Long> said = new HashMap<>();
            for (String field : line.substring(CeilingMain.SAYS.length()).split(" ")) {
                String[] pair = field.split("=");
                said.put(pair[0], Long.parseLong(pair[1]));
            }
            double perSecond = said.get("guests") * 1e9 / said.get("nanos");
            return new Ceiling(arguments.inFlight(), Math.round(perSecond * 10) / 10.0, said.get("failed"));
        }
    }
}
