package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceIdentityIT {
    @Test
    void aSecondProcessIsRefusedUntilTheFirstIsKilled(@TempDir Path directory) throws Exception {
        Process holder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertEquals('!', holder.getInputStream().read(), "the other process holds the directory");
            assertThrows(InstanceException.class, () -> InstanceIdentity.claim(directory, Optional.empty()));
        } finally {
            holder.destroyForcibly();
        }
        assertTrue(holder.waitFor(30, TimeUnit.SECONDS));
        InstanceIdentity.claim(directory, Optional.empty()).close();
    }

    /** Claims a directory and keeps it until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            try (InstanceIdentity identity = InstanceIdentity.claim(Path.of(args[0]), Optional.empty())) {
                System.out.print(identity.id().isEmpty() ? '?' : '!');
                System.out.flush();
                Thread.currentThread().join();
            }
        }
    }
}
