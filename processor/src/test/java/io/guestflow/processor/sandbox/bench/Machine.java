package io.guestflow.processor.sandbox.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * What figures were measured on: ratios travel, absolutes do not.
 *
 * @param load the system's load average over a minute before the run: others' work shows in it; negative if unknown
 * @param commit of the checkout, with {@code +changes} if it has uncommitted ones
 */
public record Machine(int cores, long memoryMiB, String os, String java, String kafka, String commit, double load) {

    /** This one. */
    public static Machine here(Path checkout) {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                system.getTotalMemorySize() >> 20,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.version"),
                AppInfoParser.getVersion(),
                commit(checkout),
                system.getSystemLoadAverage());
    }

    private static String commit(Path checkout) {
        String head = git(checkout, "rev-parse", "--short=12", "HEAD");
        if (head.isEmpty()) {
            return "unknown";
        }
        return head + (git(checkout, "status", "--porcelain").isEmpty() ? "" : "+changes");
    }

    /** What git says; nothing if there is no git or no repository. */
    private static String git(Path checkout, String... arguments) {
        var command = new ArrayList<>(List.of("git", "-C", checkout.toString()));
        command.addAll(List.of(arguments));
        try {
            Process git = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? said : "";
        } catch (IOException noGit) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
