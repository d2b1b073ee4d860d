package io.guestflow.processor.effects.cxone;

import static io.guestflow.processor.effects.cxone.CxoneTestbed.guest;
import static io.guestflow.processor.effects.cxone.GuestCalls.create;
import static io.guestflow.processor.effects.cxone.GuestCalls.failure;
import static io.guestflow.processor.effects.cxone.GuestCalls.success;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.effects.cxone.CallFailure.Cause;
import io.guestflow.processor.effects.cxone.CallFailure.Which;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** Every way in which CXone can refuse or spoil the token of one guest's calls, over real HTTP. */
@Timeout(30)
final class GuestApiTokensTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CxoneTestbed bed = new CxoneTestbed();

    @AfterEach
    void stop() {
        bed.close();
    }

    @Test
    void credentialsAreFormEncoded() {
        bed.simulator.credentials("client & co", "a=b&c+d%/é");
        HttpSettings plain = bed.settings();
        HttpSettings odd = new HttpSettings(
                URI.create(plain.baseUrl() + "/"),
                "client & co",
                "a=b&c+d%/é",
                plain.scopes(),
                plain.connectTimeout(),
                plain.callTimeout(),
                plain.httpVersion(),
                List.of(),
                plain.profile());
        success(bed.client(odd).guests().create(guest("guest-1"), bed.within(PATIENCE)));
        assertTrue(bed.simulator.lastReceived(Endpoint.TOKEN).body().contains("scope=chat+context"));
        assertFalse(odd.toString().contains("a=b&c"));
    }

    @Test
    void a401GetsOneNewToken() {
        GuestApi api = bed.client().guests();
        success(api.create(guest("guest-1"), bed.within(PATIENCE)));
        bed.simulator.revokeTokens();
        assertEquals(
                2, success(api.create(guest("guest-2"), bed.within(PATIENCE))).calls());
        assertEquals(2, bed.simulator.tokensIssued());
        assertEquals(1, bed.simulator.calls(Endpoint.CREATE, 401));
    }

    @Test
    void a401WithANewTokenIsFinalAndBlamesTheScope() {
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(401));
        Answer<Conversation> answer = create(bed, PATIENCE);
        assertEquals(new Answer.Failure<>(new CallFailure.Unauthorized(Which.SCOPE), 2), answer);
        assertEquals(2, bed.simulator.tokensIssued());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404})
    void refusedCredentialsAreFinalAndNotAskedAgainAtOnce(int status) {
        bed.simulator.refuseCredentials(status);
        GuestApi api = bed.client().guests();
        for (int i = 0; i < 20; i++) {
            assertEquals(
                    new Answer.Failure<>(new CallFailure.Unauthorized(Which.CREDENTIALS), 0),
                    api.create(guest("guest-" + i), bed.within(PATIENCE)));
        }
        assertEquals(1, bed.simulator.calls(Endpoint.TOKEN));
        assertEquals(0, bed.simulator.calls(Endpoint.CREATE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"expires_in", "access_token"})
    void aTokenAnswerWithoutItsFieldsIsNoToken(String field) {
        bed.simulator.fault(Endpoint.TOKEN, new Fault.Without(field));
        assertEquals(
                new CallFailure.UpstreamError(200, Cause.UNREADABLE), failure(create(bed, Duration.ofMillis(500))));
        assertEquals(0, bed.simulator.calls(Endpoint.CREATE));
    }

    static Stream<Arguments> spoiltTokens() {
        return Stream.of(
                Arguments.of(new Fault.Replaced("access_token", JsonNodeFactory.instance.stringNode("a\r\nX-Evil: 1"))),
                Arguments.of(new Fault.Replaced("access_token", JsonNodeFactory.instance.stringNode("a b"))),
                Arguments.of(
                        new Fault.Replaced("access_token", JsonNodeFactory.instance.stringNode("t".repeat(20_000)))),
                Arguments.of(new Fault.Replaced("expires_in", JsonNodeFactory.instance.numberNode(0))),
                Arguments.of(new Fault.Replaced("expires_in", JsonNodeFactory.instance.numberNode(1.5))),
                Arguments.of(new Fault.Replaced("expires_in", JsonNodeFactory.instance.stringNode("3600"))),
                Arguments.of(Fault.notJson()),
                Arguments.of(Fault.emptyBody()));
    }

    @ParameterizedTest
    @MethodSource("spoiltTokens")
    void aTokenThatCannotBeUsedIsTriedAgain(Fault spoilt) {
        bed.simulator.fault(Endpoint.TOKEN, spoilt, 1);
        assertEquals(1, success(create(bed, PATIENCE)).calls());
        assertEquals(2, bed.simulator.calls(Endpoint.TOKEN));
    }
}
