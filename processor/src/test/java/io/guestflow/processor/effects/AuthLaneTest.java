package io.guestflow.processor.effects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuthLaneTest {
    private final CommandLane<AuthCommand, AuthOutcome> lane = AuthLane.of((command, delivery) -> {
        throw new AssertionError("nothing is carried out here");
    });
    private final AuthCommand authenticate = AuthCommands.command("c1", "g1");
    private final AuthCommand inject =
            new AuthCommand.InjectContext("c2", "ref", "r2", "g1", 1, "conv-1", Map.of(), AuthCommands.FAR);

    @Test
    void requestsOfOneGuestTakeTurns() {
        assertEquals(turn(authenticate), turn(AuthCommands.command("c3", "g1")));
        assertNotEquals(turn(authenticate), turn(AuthCommands.command("c4", "g2")));
    }

    @Test
    void aGuestWhoComesBackDoesNotWaitBehindAnInjectionThatIsTriedAgain() {
        assertNotEquals(turn(authenticate), turn(inject));
    }

    @Test
    void outcomesAreKeyedByTheGuestAllTheSame() {
        assertEquals("g1", lane.key().apply(authenticate));
        assertEquals("g1", lane.key().apply(inject));
    }

    private String turn(AuthCommand command) {
        return lane.turn().apply(command);
    }
}
