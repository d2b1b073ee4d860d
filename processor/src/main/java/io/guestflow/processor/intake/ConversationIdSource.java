package io.guestflow.processor.intake;

/**
 * The ids of a webhook that can be the conversation's. CXone has five for one conversation; where each of them stands in
 * the digital envelope is {@link DigitalEvent}'s to know. The flat shape has them by their names.
 */
public enum ConversationIdSource {
    /** What the create call answered, as the flat shape repeats it. */
    CONVERSATION_ID("conversationId"),
    /** The contact number, {@code data.case.id}. */
    CASE_ID("caseId"),
    /** {@code data.case.contactId}. */
    CONTACT_ID("contactId"),
    /** {@code data.case.customerContactId}. */
    CUSTOMER_CONTACT_ID("customerContactId"),
    /** {@code data.case.interactionId}. */
    INTERACTION_ID("interactionId"),
    /** The thread's id on the external platform, which every event that has a thread has; else CXone's own. */
    THREAD_ID("threadId");

    private final String field;

    ConversationIdSource(String field) {
        this.field = field;
    }

    /** Its name in the flat shape. */
    String field() {
        return field;
    }
}
