package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceIdentityTest {
    @TempDir
    private Path temp;

    @Test
    void theIdIsMadeOnceAndKept() throws Exception {
        Path directory = temp.resolve("state");
        String first;
        try (InstanceIdentity identity = InstanceIdentity.claim(directory, Optional.empty())) {
            first = identity.id();
            assertEquals(directory.toAbsolutePath(), identity.stateDir());
        }
        try (InstanceIdentity again = InstanceIdentity.claim(directory, Optional.empty());
                InstanceIdentity other = InstanceIdentity.claim(temp.resolve("other"), Optional.empty())) {
            assertEquals(first, again.id());
            assertNotEquals(first, other.id());
        }
    }

    @Test
    void aConfiguredIdIsTakenAndNotKept() throws Exception {
        try (InstanceIdentity identity = InstanceIdentity.claim(temp, Optional.of("guestflow-0"))) {
            assertEquals("guestflow-0", identity.id());
        }
        assertFalse(Files.exists(temp.resolve("instance-id")));
    }

    @Test
    void aDirectoryThatIsMadeIsItsOwnersAlone() throws Exception {
        Path directory = temp.resolve("a").resolve("b");

        InstanceIdentity.claim(directory, Optional.empty()).close();

        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.getParent())));
    }

    @Test
    void aSecondClaimInThisProcessIsRefused() throws Exception {
        try (InstanceIdentity identity = InstanceIdentity.claim(temp, Optional.empty())) {
            assertRefused();
            assertEquals(temp.toAbsolutePath(), identity.stateDir());
        }
        InstanceIdentity.claim(temp, Optional.empty()).close();
    }

    @Test
    void aKeptIdThatIsNoneIsNamedAndTheDirectoryIsFreeAgain() throws Exception {
        Path file = temp.resolve("instance-id");
        Files.writeString(file, "no id\n");

        InstanceException e =
                assertThrows(InstanceException.class, () -> InstanceIdentity.claim(temp, Optional.empty()));

        assertEquals(file + " holds no instance id: delete the file, or set GUESTFLOW_INSTANCE_ID", e.getMessage());
        Files.delete(file);
        InstanceIdentity.claim(temp, Optional.empty()).close();
    }

    @Test
    void aDirectoryThatCannotBeUsedIsNamed() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "");

        InstanceException e = assertThrows(
                InstanceException.class, () -> InstanceIdentity.claim(file.resolve("state"), Optional.empty()));

        assertTrue(
                String.valueOf(e.getMessage())
                        .startsWith("the state directory " + file.resolve("state") + " cannot be used"),
                e.getMessage());
    }

    private void assertRefused() {
        InstanceException e =
                assertThrows(InstanceException.class, () -> InstanceIdentity.claim(temp, Optional.of("another")));
        assertEquals(
                "another process uses the state directory " + temp.toAbsolutePath()
                        + ": stop it, or set GUESTFLOW_STATE_DIR to a directory of this process alone",
                e.getMessage());
    }
}
