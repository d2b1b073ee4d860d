package io.guestflow.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.guestflow.contracts.Samples.Sample;
import io.guestflow.contracts.audit.AuditEntry;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.audit.Chain;
import io.guestflow.contracts.audit.ChainRule;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.codec.CanonicalJson;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.facts.Source;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** The samples are one chain, whose hashes another implementation of the rule has made. */
class ChainRuleTest {
    @Test
    void theSamplesAreOneChain() {
        String before = null;
        long seq = 0;
        for (Sample sample : samples()) {
            Chain chain = read(sample).chain();
            assertEquals(++seq, chain.seq(), sample.name());
            assertEquals(before, chain.prevHash(), sample.name());
            assertEquals(chain.hash(), ChainRule.hashOf(read(sample)), sample.name());
            before = chain.hash();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aRecordIsLinkedAsTheSampleIs(Sample sample) {
        if (read(sample) instanceof AuditRecord.Entry entry) {
            Chain chain = entry.chain();
            assertEquals(
                    entry,
                    ChainRule.next(entry.content(), chain.partition(), chain.seq(), chain.prevHash(), chain.salt()));
            assertEquals(chain.contentHash(), ChainRule.contentHashOf(sample.bytes(), chain.salt()));
        }
    }

    @Test
    void whatARecordIsReplacedByWhenItIsErasedHasTheSameHash() {
        AuditRecord entry = read(samples().get(0));
        Chain chain = entry.chain();
        Chain left =
                new Chain(chain.partition(), chain.seq(), chain.prevHash(), null, chain.contentHash(), chain.hash());
        AuditRecord erased = new AuditRecord.Erased(entry.auditId(), Instant.EPOCH, left);
        assertEquals(chain.hash(), ChainRule.hashOf(erased));
        assertEquals(erased, AuditRecord.CODEC.read(AuditRecord.CODEC.write(erased)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"attempt", "outcome", "at", "consent", "contextKeys", "source", "auditId"})
    void contentThatWasChangedHasAnotherHash(String field) {
        Sample sample = samples().get(0);
        ObjectNode changed = sample.json();
        changed.put(field, 77);
        assertNotEquals(read(sample).chain().contentHash(), contentHash(sample, changed.toString()));
        changed.remove(field);
        assertNotEquals(read(sample).chain().contentHash(), contentHash(sample, changed.toString()));
    }

    @Test
    void whatALaterVersionAddsToTheContentCountsAndToTheChainDoesNot() {
        Sample sample = samples().get(0);
        ObjectNode more = sample.json();
        ((ObjectNode) more.get("chain")).put("signature", "s").put("keyId", "k");
        assertEquals(read(sample).chain().contentHash(), contentHash(sample, more.toString()));
        more.put("unheardOf", 1);
        assertNotEquals(read(sample).chain().contentHash(), contentHash(sample, more.toString()));
    }

    @Test
    void theOrderOfMembersAndTheWayTheyAreWrittenDoNotCount() {
        Sample sample = samples().get(0);
        ObjectNode turned = Samples.PLAIN.createObjectNode();
        List<String> names = new ArrayList<>(sample.json().propertyNames());
        Collections.reverse(names);
        names.forEach(name -> turned.set(name, sample.json().get(name)));
        String text = turned.toPrettyString().replace("\"httpStatus\" : 201", "\"httpStatus\" : 2.01e2");
        assertEquals(read(sample).chain().contentHash(), contentHash(sample, text));
    }

    /** RFC 8785, sections 3.2.2 and 3.2.3. */
    @Test
    void canonicalJsonIsThatOfTheRfc() {
        String value = """
                {"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh",
                 "1":"One","\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis",
                 "string":"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false],"whole":[1E3,-0,0.0]}""";
        assertArrayEquals(
                ("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"literals\":[null,true,false],"
                                + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\",\"whole\":[1000,0,0],\"\u0080\":\"Control\","
                                + "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
                                + "\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}")
                        .getBytes(UTF_8),
                CanonicalJson.of("test", Samples.PLAIN.readTree(value)));
    }

    /** The one is hashed when a record is written, the other when it is checked. */
    @Test
    void anEntryIsHashedAsItIsWrittenWhateverItsTextsAre() {
        String odd = "\u0000\b\t\n\u000b\f\r\u001f \"\\/<>&'\u007f\u0080é\u2028\ufeff\uffff😀";
        Random random = new Random(2026);
        for (int i = 0; i < 2_000; i++) {
            Supplier<String> text = () -> random.ints(1 + random.nextInt(5), 0, odd.codePointCount(0, odd.length()))
                    .mapToObj(at -> Character.toString(odd.codePointAt(odd.offsetByCodePoints(0, at))))
                    .collect(Collectors.joining());
            AuditEntry sample = assertInstanceOf(
                            AuditRecord.Entry.class, read(samples().get(i % 11)))
                    .content();
            AuditEntry entry = new AuditEntry(
                    text.get(),
                    sample.at().plusMillis(random.nextLong(1L << 40)),
                    sample.event(),
                    random.nextBoolean() ? null : text.get(),
                    text.get(),
                    text.get(),
                    text.get(),
                    1 + random.nextInt(Integer.MAX_VALUE),
                    text.get(),
                    sample.httpStatus(),
                    random.nextLong(1L << 53),
                    sample.calls(),
                    sample.consent() == null ? null : new Consent(random.nextBoolean(), sample.at(), text.get()),
                    Stream.generate(text).limit(random.nextInt(3)).toList(),
                    sample.contextDropped(),
                    sample.details(),
                    new Source(text.get(), random.nextInt(12), random.nextLong(1L << 53)));
            ChainRule.Written result = ChainRule.writeNext(entry, 3, 1 + i, i == 0 ? null : text.get(), text.get());
            AuditRecord.Entry next = result.record();
            byte[] written = result.value();
            assertEquals(next, AuditRecord.CODEC.read(written));
            assertEquals(
                    Samples.PLAIN.readTree(AuditRecord.CODEC.write(next)),
                    Samples.PLAIN.readTree(written),
                    "as the codec writes it");
            assertEquals(
                    next.chain().contentHash(),
                    ChainRule.contentHashOf(written, next.chain().salt()));
            ObjectNode content = (ObjectNode) Samples.PLAIN.readTree(written);
            ObjectNode chain = (ObjectNode) content.remove("chain");
            assertArrayEquals(CanonicalJson.of("test", content), CanonicalJson.of(entry));
            ObjectNode link = Samples.PLAIN.createObjectNode();
            link.set("auditId", content.get("auditId"));
            for (String field : List.of("seq", "prevHash", "partition", "contentHash")) {
                if (chain.has(field)) {
                    link.set(field, chain.get(field));
                }
            }
            assertEquals(next.chain().hash(), sha256(CanonicalJson.of("test", link)));
        }
    }

    @ParameterizedTest
    @CsvSource({"1.5", "9007199254740992", "-9007199254740992", "1e300", "99999999999999999999"})
    void aNumberThatNoRecordHasIsRefused(String number) {
        assertThrows(
                ContractViolation.class,
                () -> CanonicalJson.of("test", Samples.PLAIN.readTree("{\"n\":" + number + "}")));
    }

    @Test
    void anEntryAndAnErasedOneAreToldApart() {
        assertInstanceOf(AuditRecord.Entry.class, read(samples().get(0)));
        assertInstanceOf(AuditRecord.Erased.class, read(samples().get(11)));
    }

    private static String sha256(byte[] bytes) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static List<Sample> samples() {
        return Samples.of(AuditRecord.CODEC);
    }

    private static AuditRecord read(Sample sample) {
        return AuditRecord.CODEC.read(sample.bytes());
    }

    private static String contentHash(Sample sample, String changed) {
        return ChainRule.contentHashOf(
                changed.getBytes(UTF_8), read(sample).chain().salt());
    }
}
