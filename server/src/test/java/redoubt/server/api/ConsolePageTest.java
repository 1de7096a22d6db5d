package redoubt.server.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;
import redoubt.core.content.SignedDocument;
import redoubt.core.model.EngineId;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.EngineReport;
import redoubt.core.wire.HostMessage;
import redoubt.fleet.rollout.Channel;
import redoubt.fleet.rollout.OwnerOrder;
import redoubt.server.made.MadeFleet;
import redoubt.server.made.Storage;
import redoubt.server.made.TalkingHost;
import redoubt.server.store.AuditEntry;
import redoubt.server.store.Mark;
import redoubt.server.store.Role;

/// The console in a real browser, headless, on a server with hosts: it is used as somebody with a
/// keyboard would. What it looks like is left in `target/console` for whoever wants to look.
class ConsolePageTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Path PICTURES = Path.of("target/console");
  private static final String FINDING =
      "{\"class_uid\":2004,\"time\":1790000000000,\"severity_id\":4,"
          + "\"finding_info\":{\"title\":\"<img src=x onerror=alert(1)> a shell from a web server\"},"
          + "\"evidences\":[{\"process\":{\"pid\":42,\"path\":\"/bin/sh\",\"cmd_line\":\"sh -c id\","
          + "\"parent_process\":{\"pid\":7,\"path\":\"/usr/sbin/nginx\"}}}]}";

  @TempDir Path folder;

  private MadeFleet fleet;
  private ChromeDriver browser;

  @BeforeEach
  void open() throws Exception {
    fleet = new MadeFleet(Storage.FILE.settings(folder.resolve("server"), 0), 3);
    fleet.pass(10);
    ChromeOptions options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    // As root a browser has no sandbox of its own; the page is ours.
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--user-data-dir=" + folder.resolve("profile"));
    options.setAcceptInsecureCerts(true);
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
                .build(),
            options);
    size(1280, 900);
    Files.createDirectories(PICTURES);
  }

  @AfterEach
  void close() {
    browser.quit();
    fleet.close();
  }

  private void size(int width, int height) {
    browser.manage().window().setSize(new Dimension(width, height));
  }

  private void colours(String scheme) {
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  private void picture(String name) throws Exception {
    Files.write(PICTURES.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
  }

  private String address(String hash) {
    return "https:/" + "/127.0.0.1:" + fleet.server().apiPort() + "/" + hash;
  }

  private void comeInAs(String name, Role role) throws Exception {
    String token = fleet.server().operators().put(name, role, "test", Instant.now());
    browser.get(address(""));
    await(By.id("token")).sendKeys(token, Keys.ENTER);
    await(By.cssSelector(".tiles"));
  }

  private WebElement await(By what) {
    WebElement found =
        new WebDriverWait(browser, PATIENCE)
            .ignoring(StaleElementReferenceException.class)
            .until(driver -> {
              List<WebElement> all = driver.findElements(what);
              return all.isEmpty() || !all.getFirst().isDisplayed() ? null : all.getFirst();
            });
    assertNotNull(found);
    return found;
  }

  private void awaitText(String text) {
    new WebDriverWait(browser, PATIENCE)
        .withMessage(() -> "not there: " + text + " in " + main())
        .until(_ -> main().contains(text));
  }

  private String main() {
    // As it is at one moment: what is shown may be shown anew meanwhile.
    return String.valueOf(
        browser.executeScript("return document.getElementById('main').innerText"));
  }

  /// Goes on by the keyboard alone until something that is called so has the focus.
  private void tabTo(String name) {
    for (int i = 0; i < 60; i++) {
      WebElement focused = browser.switchTo().activeElement();
      if (focused.getText().equals(name)) {
        return;
      }
      focused.sendKeys(Keys.TAB);
    }
    throw new AssertionError("no focus on: " + name);
  }

  private boolean scrollsSideways() {
    return Boolean.TRUE.equals(
        browser.executeScript(
            "return document.documentElement.scrollWidth > document.documentElement.clientWidth"));
  }

  @Test
  void aRolloutIsWatchedAndOrderedByTheKeyboard() throws Exception {
    BundleName bundle =
        new BundleName("acme", new EngineId("sigma"), "rules", 7, Sha256.ofText("rules"));
    fleet.desk().prepare(bundle, Channel.EMERGENCY, 120, List.of(), "bob");
    comeInAs("ada", Role.OWNER);
    awaitText("Prepared; nothing is offered yet.");
    picture("overview-prepared");
    tabTo("Rollouts");
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    awaitText("acme/sigma/rules 7");
    tabTo("acme/sigma/rules 7");
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    awaitText("Rollout 1");
    tabTo("Start");
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    WebElement dialog = await(By.tagName("dialog"));
    assertTrue(dialog.getText().contains("Start this rollout?"), dialog::getText);
    picture("rollout-start");
    tabTo("Start");
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    awaitText("running");
    assertTrue(fleet.passUntil(() -> fleet.hosts().stream().anyMatch(host -> host.runs())));
    awaitText("canaries");
    picture("rollout-first");
    assertTrue(
        fleet.passUntil(
            () -> fleet.desk().find(1).orElseThrow().status().orElseThrow().healthy() == 3));
    awaitText("3 had a lease, 3 are well with it");
    picture("rollout-well");
    colours("dark");
    picture("rollout-dark");
    size(390, 844);
    awaitText("3 had a lease");
    assertFalse(scrollsSideways());
    picture("rollout-phone");
  }

  @Test
  void whatIsHaltedIsSeenToBe() throws Exception {
    fleet.hosts().forEach(host -> host.becomeBad());
    comeInAs("ada", Role.OWNER);
    BundleName bundle =
        new BundleName("acme", new EngineId("sigma"), "rules", 8, Sha256.ofText("bad rules"));
    int id = fleet.desk().prepare(bundle, Channel.EMERGENCY, 120, List.of(), "bob").entry().id();
    fleet.desk().order(id, new OwnerOrder.Start(), "ada");
    assertTrue(fleet.passUntil(() -> fleet.desk().find(id).orElseThrow().halt().isPresent()));
    awaitText("rolling-back");
    picture("overview-halted");
    browser.get(address("#/rollouts/" + id));
    awaitText("bad-health");
    picture("rollout-halted");
  }

  @Test
  void whatHostsSayIsTextAndNothingElse() throws Exception {
    fleet
        .hosts()
        .getFirst()
        .say(
            new HostMessage.Records(
                0, List.of(Octets.of(FINDING.getBytes(StandardCharsets.UTF_8)))));
    comeInAs("eve", Role.VIEWER);
    browser.get(address("#/findings"));
    awaitText("a shell from a web server: /bin/sh");
    assertEquals(List.of(), browser.findElements(By.cssSelector("main img")));
    await(By.cssSelector("main summary")).sendKeys(Keys.ENTER);
    awaitText("/usr/sbin/nginx");
    picture("finding");
    assertEquals(1, browser.findElements(By.cssSelector(".tree ul")).size());
    assertEquals(
        List.of("/usr/sbin/nginx", "/bin/sh"),
        browser.findElements(By.cssSelector(".tree code")).stream()
            .map(WebElement::getText)
            .toList());
  }

  private static String finding(String engine, String rule, String path) {
    return "{\"class_uid\":2004,\"time\":1790000000000,\"severity_id\":3,\"message\":\"odd\","
        + "\"finding_info\":{\"title\":\""
        + rule
        + "\",\"analytic\":{\"name\":\""
        + rule
        + "\"}},\"evidences\":[{\"file\":{\"path\":\""
        + path
        + "\"}}],\"unmapped\":{\"engine\":\""
        + engine
        + "\"}}";
  }

  private void twoHostsFindTheSame() {
    for (TalkingHost host : fleet.hosts().subList(0, 2)) {
      host.say(
          new HostMessage.Records(
              0,
              List.of(
                  Octets.of(
                      finding("yara", "<img src=x> packer", "/opt/tool")
                          .getBytes(StandardCharsets.UTF_8)),
                  Octets.of(
                      finding("scanner", "listed", "/opt/other")
                          .getBytes(StandardCharsets.UTF_8)))));
    }
  }

  @Test
  void aFalsePositiveIsMarkedAndTakenBackByTheKeyboard() throws Exception {
    twoHostsFindTheSame();
    comeInAs("olga", Role.OPERATOR);
    browser.get(address("#/findings"));
    awaitText("<img src=x> packer");
    new WebDriverWait(browser, PATIENCE)
        .until(_ -> browser.findElements(By.cssSelector(".marking button")).size() == 4);
    picture("findings");
    By button = By.cssSelector(".marking button[aria-label*=packer]");
    await(button).sendKeys(Keys.ENTER);
    await(By.id("mark-comment")).sendKeys("ours");
    picture("finding-mark");
    await(By.id("mark-comment")).sendKeys(Keys.ENTER);
    // On both hosts: it is about what the rule says, not about one finding.
    new WebDriverWait(browser, PATIENCE)
        .until(_ -> browser.findElements(By.cssSelector(".marking .badge")).size() == 2);
    assertEquals(List.of(), browser.findElements(By.cssSelector("main img")));
    picture("finding-marked");
    size(390, 844);
    assertFalse(scrollsSideways());
    picture("phone-finding-marked");
    size(1280, 900);
    await(button).sendKeys(Keys.ENTER);
    await(By.cssSelector("dialog button[value=yes]")).sendKeys(Keys.ENTER);
    new WebDriverWait(browser, PATIENCE)
        .until(_ -> browser.findElements(By.cssSelector(".marking .badge")).isEmpty());
    assertEquals(
        List.of("mark.remove", "mark.add"),
        fleet.server().audit().newest(Long.MAX_VALUE, 2).stream().map(AuditEntry::action).toList());
  }

  @Test
  void whoeverLooksMarksNothing() throws Exception {
    twoHostsFindTheSame();
    comeInAs("eve", Role.VIEWER);
    browser.get(address("#/findings"));
    awaitText("<img src=x> packer");
    assertEquals(List.of(), browser.findElements(By.cssSelector(".marking button")));
  }

  @Test
  void enginesStandSideBySide() throws Exception {
    twoHostsFindTheSame();
    fleet
        .server()
        .marks()
        .add(new Mark.Terms("yara", "<img src=x> packer", "/opt/tool", ""), "olga", Instant.now());
    for (TalkingHost host : fleet.hosts()) {
      host.say(
          new HostMessage.Engines(
              3_600,
              List.of(
                  new EngineReport(
                      "scanner",
                      "redoubt",
                      "0.1.0",
                      120_000,
                      3,
                      1,
                      2,
                      0,
                      36_000_000,
                      57 << 20,
                      70,
                      450),
                  new EngineReport(
                      "yara",
                      "acme",
                      "<img src=x>",
                      4_000,
                      0,
                      0,
                      0,
                      4,
                      3_600_000_000L,
                      900 << 20,
                      900,
                      12_000))));
    }
    comeInAs("eve", Role.VIEWER);
    browser.get(address("#/engines"));
    awaitText("1.00 % of a core");
    awaitText("<img src=x>");
    assertEquals(List.of(), browser.findElements(By.cssSelector("main img")));
    assertEquals(6, browser.findElements(By.cssSelector("main meter")).size());
    awaitText("2 of 2");
    awaitText("0 of 2");
    String signed =
        String.valueOf(
            browser.executeAsyncScript(
                "const done = arguments[0]; fetch(document.getElementById('export').href)"
                    + ".then((answer) => answer.text()).then(done)"));
    String open =
        String.valueOf(
            browser.executeAsyncScript(
                "const done = arguments[0]; fetch(document.getElementById('export-key').href)"
                    + ".then((answer) => answer.text()).then(done)"));
    assertTrue(
        SignedDocument.parse(signed.getBytes(StandardCharsets.UTF_8))
            .isSignedBy(open.getBytes(StandardCharsets.US_ASCII)));
    picture("engines");
    browser.executeScript("scrollTo(0, document.body.scrollHeight)");
    picture("engines-did");
    size(390, 844);
    assertFalse(scrollsSideways());
    picture("phone-engines-told");
    size(1280, 900);
  }

  @Test
  void anOwnerLetsSomethingRunByTheKeyboardAndEndsIt() throws Exception {
    String digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    comeInAs("ada", Role.OWNER);
    browser.get(address("#/policy"));
    awaitText("engines decide");
    await(By.id("allow")).sendKeys(Keys.ENTER);
    await(By.id("allow-value")).sendKeys(digest, Keys.TAB, "scanner");
    await(By.id("allow-comment")).sendKeys("<img src=x>");
    picture("allow");
    await(By.cssSelector("dialog button.main")).sendKeys(Keys.ENTER);
    awaitText(digest.substring(0, 16));
    assertEquals(List.of(), browser.findElements(By.cssSelector("main img")));
    assertEquals("scanner", fleet.server().policy().all().entries().getFirst().terms().engine());
    for (TalkingHost host : fleet.hosts()) {
      assertTrue(fleet.passUntil(() -> host.policies().getLast().exemptions().size() == 1));
    }
    fleet
        .hosts()
        .getFirst()
        .say(new HostMessage.PolicyInForce(1, 1, "no such engine here: engine=scanner"));
    awaitText("no such engine here");
    picture("policy");
    size(390, 844);
    assertFalse(scrollsSideways());
    picture("phone-policy-told");
    size(1280, 900);
    await(By.id("allow")).sendKeys(Keys.ENTER);
    await(By.id("allow-value")).sendKeys(digest);
    await(By.id("allow-engine")).sendKeys("scanner", Keys.ENTER);
    awaitText("no such engine here");
    await(By.cssSelector("dialog button.main, dialog button[value=yes]")).sendKeys(Keys.ENTER);
    await(By.id("end-1")).sendKeys(Keys.ENTER);
    await(By.cssSelector("dialog button.harm")).sendKeys(Keys.ENTER);
    awaitText("engines decide");
    assertEquals(List.of(), fleet.server().policy().all().entries());
  }

  @Test
  void everyPageFitsAPhoneAndShowsNothingThatTheRoleMayNot() throws Exception {
    comeInAs("eve", Role.VIEWER);
    size(390, 844);
    for (String hash :
        List.of(
            "#/",
            "#/rollouts",
            "#/hosts",
            "#/findings",
            "#/engines",
            "#/policy",
            "#/people",
            "#/audit")) {
      browser.get(address(hash));
      await(By.cssSelector("main h1"));
      assertFalse(scrollsSideways(), hash);
      assertFalse(main().contains("cannot be shown"), main());
      assertEquals(List.of(), browser.findElements(By.cssSelector("button.harm")), hash);
      picture("phone-" + hash.replaceAll("[^a-z]", ""));
    }
    browser.get(address("#/hosts/" + fleet.hosts().getFirst().id()));
    awaitText("host-0");
    assertEquals(List.of(), browser.findElements(By.cssSelector("button.harm")));
    picture("phone-host");
    size(1280, 900);
    browser.get(address("#/hosts"));
    awaitText("host-2");
    picture("hosts");
  }

  @Test
  void whoeverLeavesIsNobody() throws Exception {
    comeInAs("eve", Role.VIEWER);
    await(By.cssSelector("#who button")).click();
    await(By.id("token"));
    browser.get(address("#/hosts"));
    await(By.id("token")).sendKeys("redoubt-operator-nobody", Keys.ENTER);
    awaitText("nobody has that token");
    picture("login");
  }
}
