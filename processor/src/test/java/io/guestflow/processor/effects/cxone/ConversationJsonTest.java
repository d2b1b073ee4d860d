package io.guestflow.processor.effects.cxone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

final class ConversationJsonTest {

    private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void createIsWrittenAsTheProfileHasIt() {
        byte[] body = ConversationJson.create(
                new CreateConversation("web-1", "guest-1", Instant.parse("2026-11-22T06:59:59.1234Z"), "v2.1", "k"),
                List.of("q1", "q2"));
        assertEquals(
                "{\"channel\":{\"id\":\"web-1\"},\"guest\":{\"id\":\"guest-1\",\"name\":\"Web Visitor\",\"email\":null},"
                        + "\"consent\":{\"accepted\":true,\"timestamp\":\"2026-11-22T06:59:59.123Z\","
                        + "\"policy_version\":\"v2.1\"},"
                        + "\"conversation\":{\"type\":\"web\",\"initialQueueIds\":[\"q1\",\"q2\"]}}",
                new String(body, StandardCharsets.UTF_8));
    }

    @Test
    void aPolicyVersionThatNobodyGaveIsNotInvented() {
        byte[] body = ConversationJson.create(new CreateConversation("c", "g", NOW, null, "k"), List.of());
        assertFalse(new String(body, StandardCharsets.UTF_8).contains("policy_version"));
    }

    @Test
    void contextIsWrittenInItsOrderAndWithItsTypes() {
        Map<String, JsonNode> context = new LinkedHashMap<>();
        context.put("segment", JsonNodeFactory.instance.stringNode("v\"ip\r\n"));
        context.put("age", JsonNodeFactory.instance.numberNode(3));
        context.put("beta", JsonNodeFactory.instance.booleanNode(true));
        byte[] body = ConversationJson.context(new InjectContext("conv-1", context, ContextHeaders.NONE, "k"));
        assertEquals(
                "{\"context\":{\"segment\":\"v\\\"ip\\r\\n\",\"age\":3,\"beta\":true},"
                        + "\"guestAttributes\":{\"privacy_compliant\":true,\"pii_filtered\":true}}",
                new String(body, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'id':'c1','expiresAt':'2026-11-22T07:30:00Z'}              | 2026-11-22T07:30:00Z",
                "{'id':'c1','expiresAt':'2026-11-22T07:30:00.250Z'}          | 2026-11-22T07:30:00.250Z",
                "{'id':'c1','expiresAt':'2026-11-22T08:30:00+01:00'}         | 2026-11-22T07:30:00Z",
                "{'id':'c1','expiresAt':null,'expiresIn':600}                | 2026-11-22T07:10:00Z",
                "{'id':'c1','expiresIn':600,'more':[1,{'a':2}]}              | 2026-11-22T07:10:00Z",
                "{'id':'c1','expiresAt':'2026-11-22T07:30:00Z','expiresIn':1} | 2026-11-22T07:30:00Z",
            })
    void anAnswerIsReadWithAnAbsoluteOrARelativeExpiry(String body, Instant expiresAt) {
        assertEquals(
                new Conversation("c1", expiresAt), ConversationJson.conversation(utf8(body.replace('\'', '"')), NOW));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"c1\"",
                "<html></html>",
                "{'id':'c1','expiresAt':'2026-11-22T07:30:00Z'",
                "{'id':'c1','expiresAt':'2026-11-22T07:30:00Z'} {}",
                "{'id':'c1','id':'c2','expiresAt':'2026-11-22T07:30:00Z'}",
                "{'expiresAt':'2026-11-22T07:30:00Z'}",
                "{'id':'','expiresAt':'2026-11-22T07:30:00Z'}",
                "{'id':17,'expiresAt':'2026-11-22T07:30:00Z'}",
                "{'id':'..','expiresAt':'2026-11-22T07:30:00Z'}",
                "{'id':'a\\nb','expiresAt':'2026-11-22T07:30:00Z'}",
                "{'id':'c1'}",
                "{'id':'c1','expiresAt':null}",
                "{'id':'c1','expiresAt':'tomorrow'}",
                "{'id':'c1','expiresAt':'2026-11-22T07:30:00'}",
                "{'id':'c1','expiresAt':1795332600}",
                "{'id':'c1','expiresAt':'tomorrow','expiresIn':600}",
                "{'id':'c1','expiresIn':0}",
                "{'id':'c1','expiresIn':-5}",
                "{'id':'c1','expiresIn':'600'}",
                "{'id':'c1','expiresIn':99999999999999999999}",
                "{'id':'c1','expiresAt':'+999999999-12-31T23:59:59+18:00'}",
            })
    void anAnswerThatCannotBeReadIsNoConversation(String body) {
        assertNull(ConversationJson.conversation(utf8(body.replace('\'', '"')), NOW));
    }

    @Test
    void aUuidIsTheSameConversationHoweverItIsWritten() {
        String id = "0af76519-16cd-43dd-8448-eb211c80319c";
        assertTrue(ConversationJson.tellsOf(id, utf8("{\"id\":\"0AF76519-16CD-43DD-8448-EB211C80319C\"}")));
        assertTrue(ConversationJson.tellsOf(id.toUpperCase(Locale.ROOT), utf8("{\"id\":\"" + id + "\"}")));
        assertFalse(ConversationJson.tellsOf(id, utf8("{\"id\":\"0af76519-16cd-43dd-8448-eb211c80319d\"}")));
        assertFalse(ConversationJson.tellsOf(id, utf8("{}")));
    }

    @Test
    void anExtensionIsAskedForWithChannelGuestAndConsentOnly() {
        byte[] body = ConversationJson.extend(new ExtendConversation("c1", "web-1", "guest-1", NOW, "v2.1", "k"));
        assertEquals(
                "{\"channel\":{\"id\":\"web-1\"},\"guest\":{\"id\":\"guest-1\"},\"consent\":{\"accepted\":true,"
                        + "\"timestamp\":\"2026-11-22T07:00:00.000Z\",\"policy_version\":\"v2.1\"}}",
                new String(body, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'id':'c1','expiresAt':'2026-11-22T07:30:00Z'} | c1 | 2026-11-22T07:30:00Z",
                "{'id':'c1','expiresIn':600}                    | c1 | 2026-11-22T07:10:00Z",
                "{'id':'c1','expiresAt':'2026-11-21T07:30:00Z'} | c1 | 2026-11-21T07:30:00Z",
                "{'id':'c2','expiresAt':'2026-11-22T07:30:00Z'} | c2 | 2026-11-22T07:30:00Z",
                "{'id':'c1'}                                    | c1 |",
                "{'id':'c1','expiresAt':'tomorrow'}             | c1 |",
                "{'id':'c1','expiresAt':'0001-01-01T00:00:00Z'} | c1 |",
                "{'id':'c1','expiresIn':0}                      | c1 |",
            })
    void anExtensionIsTakenAsItWasSaid(String body, String id, @Nullable Instant expiresAt) {
        assertEquals(new Extension(id, expiresAt), ConversationJson.extension(utf8(body.replace('\'', '"')), NOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{'expiresAt':'2026-11-22T07:30:00Z'}", "{'id':7,'expiresIn':600}"})
    void anExtensionOfNoConversationCannotBeRead(String body) {
        assertNull(ConversationJson.extension(utf8(body.replace('\'', '"')), NOW));
    }

    @Test
    void anIdIsBounded() {
        String body = "{\"id\":\"%s\",\"expiresIn\":60}";
        assertTrue(ConversationJson.conversation(utf8(body.formatted("x".repeat(128))), NOW) != null);
        assertNull(ConversationJson.conversation(utf8(body.formatted("x".repeat(129))), NOW));
    }

    @Test
    void deepNestingIsUnreadableAndNotAStackOverflow() {
        String deep = "{\"id\":\"c1\",\"expiresIn\":60,\"x\":" + "[".repeat(50_000) + "]".repeat(50_000) + "}";
        assertNull(ConversationJson.conversation(utf8(deep), NOW));
    }

    @Test
    void bytesThatAreNotUtf8AreUnreadable() {
        assertNull(ConversationJson.conversation(
                new byte[] {'{', '"', 'i', 'd', '"', ':', '"', (byte) 0xff, (byte) 0xfe, '"', '}'}, NOW));
    }

    @Test
    void anAnswerToAContextTellsOfThatConversation() {
        assertTrue(ConversationJson.tellsOf("c1", utf8("{\"id\":\"c1\"}")));
        assertFalse(ConversationJson.tellsOf("c1", utf8("{\"id\":\"c2\"}")));
        assertFalse(ConversationJson.tellsOf("c1", utf8("{}")));
        assertFalse(ConversationJson.tellsOf("c1", utf8("")));
    }
}
