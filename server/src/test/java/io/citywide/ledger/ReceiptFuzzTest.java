package io.citywide.ledger;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Any file that says it is a receipt: it has faults, said in words; it never holds by chance. */
class ReceiptFuzzTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @FuzzTest(maxDuration = "60s")
  void findsTheFaultsOfAnyReceipt(FuzzedDataProvider data) {
    Receipt receipt;
    try {
      receipt = JSON.readValue(data.consumeRemainingAsString(), Receipt.class);
    } catch (JacksonException unreadable) {
      return;
    }
    if (receipt != null && receipt.faults(new byte[] {1, 2, 3}).isEmpty()) {
      throw new IllegalStateException("a receipt under an unknown key holds: " + receipt);
    }
  }
}
