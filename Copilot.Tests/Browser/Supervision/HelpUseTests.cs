using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Alerts;
using Copilot.Web.Components.Chat.Approvals;
using Copilot.Web.Components.Help;
using Copilot.Web.Components.Incident;
using Copilot.Web.Components.Layout;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.Supervision;

/// <summary>Staff ask for help, a supervisor takes it on, and an admin stops what goes wrong: several people at once.</summary>
[Collection(ConversationBrowserCollection.Name)]
public sealed class HelpUseTests(BrowserFixture fixture, QuickApp server) : StaffAndBossScene(fixture), IClassFixture<QuickApp>
{
    private readonly AppProcess _app = server.App;
    // The browser's own notifications and badge, with a note of what they were given.
    private const string NoteWhatTheBrowserShows = """
        window.shown = { notifications: [], badge: 0 };
        window.Notification = class extends Notification {
          constructor(title, options) {
            super(title, options);
            shown.notifications.push(`${title}: ${options.body}`);
          }
        };
        for (const [name, count] of [['setAppBadge', n => n], ['clearAppBadge', () => 0]]) {
          const own = navigator[name]?.bind(navigator);
          navigator[name] = n => {
            shown.badge = count(n);
            return own?.(n);
          };
        }
        """;


    [Fact]
    public async Task Help_AskedByStaff_IsAcceptedAndBothSeeIt()
    {
        var staff = await ChatDriver.OpenAsync(Staff);
        await staff.SignInAsync(_app.Address, "staff");
        var boss = await ChatDriver.OpenAsync(Boss);
        await Boss.GrantPermissionsAsync(["notifications"]);
        await Boss.AddInitScriptAsync(NoteWhatTheBrowserShows);
        await boss.SignInAsync(_app.Address, "supervisor");
        await boss.Page.GetByRole(AriaRole.Link, new() { Name = AlertText.Alerts }).ClickAsync();
        await boss.Page.GetByRole(AriaRole.Button, new() { Name = AlertText.NotifyOn }).ClickAsync();
        await Expect(boss.Page.GetByRole(AriaRole.Button, new() { Name = AlertText.NotifyOff })).ToBeVisibleAsync();
        await boss.Page.GetByRole(AriaRole.Link, new() { Name = HelpText.Inbox }).ClickAsync();
        await boss.SeeAsync(HelpText.NoneOpen);
        await staff.AskAsync("Which cooling pumps are in stock?");
        await staff.SeeStatusAsync("completed");

        await staff.Page.GetByRole(AriaRole.Button, new() { Name = HelpText.GetHelp, Exact = true }).ClickAsync();
        var dialog = staff.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByLabel(HelpText.WhatFor)).ToBeFocusedAsync();
        await dialog.GetByLabel(HelpText.WhatFor).FillAsync("the customer is waiting");
        await dialog.GetByRole(AriaRole.Button, new() { Name = HelpText.Ask, Exact = true }).ClickAsync();

        await boss.SeeAsync("the customer is waiting");
        var pages = boss.Page.GetByRole(AriaRole.Navigation, new() { Name = ShellText.Main });
        var inbox = pages.GetByRole(AriaRole.Link, new() { Name = HelpText.Inbox });
        var alerts = pages.GetByRole(AriaRole.Link, new() { Name = AlertText.Alerts });
        await Expect(inbox).ToContainTextAsync(HelpText.Count(1));
        await Expect(boss.Page.GetByText("Staff 1: Help asked for")).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await SeeNoViolationAsync(boss);
        await SeeNoViolationAsync(staff);
        await Expect(alerts).ToContainTextAsync(AlertText.Count(1), new() { Timeout = ChatDriver.Timeout });
        // The browser itself shows it: a notification, because it was asked for, and the number on the app's icon.
        Assert.Equal([AlertText.Alerts + ": Staff 1: Help asked for"], await boss.Page.EvaluateAsync<string[]>("shown.notifications"));
        Assert.Equal(1, await boss.Page.EvaluateAsync<int>("shown.badge"));
        await boss.Page.GetByRole(AriaRole.Button, new() { Name = HelpText.About(HelpText.Accept, "Staff 1") }).ClickAsync();
        await staff.SeeAsync("Supervisor 1 has been helping since");
        await boss.SeeAsync("You have been helping since");
        await Expect(boss.Page.Locator(".navigation-count")).ToHaveCountAsync(0, new() { Timeout = ChatDriver.Timeout });
        await staff.Page.GetByRole(AriaRole.Button, new() { Name = HelpText.Close, Exact = true }).ClickAsync();
        await boss.SeeAsync("Supervisor 1 helped after");
        await Expect(staff.Page.GetByRole(AriaRole.Button, new() { Name = HelpText.GetHelp, Exact = true })).ToBeVisibleAsync();

        // The agent asks by itself when somebody has had enough. The supervisor claims the alert, and closes it from the conversation.
        await staff.AskAsync("This is useless. I want to talk to a real person.");
        await staff.SeeStatusAsync("completed");
        await staff.SeeAsync("A supervisor was asked to help at");
        await boss.SeeAsync(HelpText.Waiting);
        await alerts.ClickAsync();
        await boss.SeeAsync("Help asked for");
        await Expect(boss.Page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex(@"^\(1\) Alerts"));
        await SeeNoViolationAsync(boss);
        await boss.Page.GetByRole(AriaRole.Button, new() { Name = AlertText.About(AlertText.Claim, "Staff 1", "Help asked for") }).ClickAsync();
        await staff.SeeAsync("Supervisor 1 has been helping since");
        await boss.SeeAsync("Supervisor 1 has had it since");
        await inbox.ClickAsync();
        await boss.Page.GetByRole(AriaRole.List, new() { Name = HelpText.Open }).GetByRole(AriaRole.Link).ClickAsync();
        await boss.Page.GetByRole(AriaRole.Button, new() { Name = HelpText.Close, Exact = true }).ClickAsync();
        await Expect(staff.Page.GetByRole(AriaRole.Button, new() { Name = HelpText.GetHelp, Exact = true })).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        Assert.Empty(staff.Complaints.Concat(boss.Complaints));
    }

    [Fact]
    public async Task Incident_ToolOffAndIntakeStopped_AreFeltAtOnceAndUndone()
    {
        var staff = await ChatDriver.OpenAsync(Staff);
        await staff.SignInAsync(_app.Address, "staff");
        var admin = await ChatDriver.OpenAsync(Boss);
        await admin.SignInAsync(_app.Address, "admin");
        await admin.Page.GetByRole(AriaRole.Link, new() { Name = IncidentText.Incident, Exact = true }).ClickAsync();
        await admin.SeeAsync(IncidentText.NothingSet);

        // Waits for a decision while the tool is switched off.
        await staff.AskAsync("Order two cooling pumps");
        await staff.SeeStatusAsync("waiting");
        await admin.Page.GetByRole(AriaRole.Combobox, new() { Name = IncidentText.Tool }).SelectOptionAsync("orders_place");
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = IncidentText.SwitchOffVerb, Exact = true }).ClickAsync();
        var dialog = admin.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel(IncidentText.Reason).FillAsync("wrong prices");
        await SeeNoViolationAsync(admin);
        await dialog.GetByRole(AriaRole.Button, new() { Name = IncidentText.SwitchOffVerb, Exact = true }).ClickAsync();
        await admin.SeeAsync("wrong prices");
        await SeeNoViolationAsync(admin);
        await staff.Page.Locator(".approval").GetByRole(AriaRole.Button, new() { Name = Copilot.Web.Components.Chat.Approvals.CardText.Approve, Exact = true }).ClickAsync();
        await staff.SeeStatusAsync("completed");
        await staff.SeeAsync("switched off at the moment");

        await admin.Page.GetByRole(AriaRole.Button, new() { Name = IncidentText.StopAll, Exact = true }).ClickAsync();
        await dialog.GetByLabel(IncidentText.Reason).FillAsync("the provider is down");
        await dialog.GetByRole(AriaRole.Button, new() { Name = IncidentText.StopVerb, Exact = true }).ClickAsync();
        await admin.SeeAsync("the provider is down");
        await staff.Message.FillAsync("Which cooling pumps are in stock?");
        await staff.Send.ClickAsync();
        await staff.SeeAsync("Admin 1 stopped new requests at");
        await admin.Page.GetByRole(AriaRole.Button, new() { NameRegex = new($"^{IncidentText.Undo}: New requests") }).ClickAsync();
        await admin.Page.GetByRole(AriaRole.Button, new() { NameRegex = new($"^{IncidentText.Undo}: Order") }).ClickAsync();
        await admin.SeeAsync(IncidentText.NothingSet);
        await staff.Send.ClickAsync();
        await staff.SeeAsync("in stock");
        Assert.Empty(staff.Complaints.Concat(admin.Complaints));
    }
}
