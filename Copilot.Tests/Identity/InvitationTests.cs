using System.Net;
using System.Text.RegularExpressions;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Identity.Invitations;
using Copilot.Web.Identity.Passwords;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Identity;

/// <summary>An invitation from the link to the signed-in person, over real Kestrel and a real database.</summary>
public sealed partial class InvitationTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private PeopleHost _host = null!;
    private ChangedBy _admin = null!;

    private Invitations Invitations => _host.Services.GetRequiredService<Invitations>();

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings { Clock = _clock });
        _admin = TestKeys.Owner(await _host.CreatePersonAsync("ada", Roles.Admin, "team_default"));
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Link_Accepted_SignsThePersonInWithRoleAndTeamAndIsInNoFurtherAddress()
    {
        var invitation = await InviteAsync("Bea Smith", Roles.Supervisor, "Field");
        using var browser = _host.Browser();
        var page = await browser.GetStringAsync(invitation.Path);
        Assert.Contains(AccountText.Invited("Bea Smith"), WebUtility.HtmlDecode(page), StringComparison.Ordinal);

        using var response = await JoinAsync(browser, invitation, "bea", PeopleHost.Password);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(new Uri(_host.Address, "/"), response.Headers.Location);
        Assert.Equal("bea", await browser.GetStringAsync("/who"));
        var person = Assert.Single(
            (await _host.Services.GetRequiredService<PeopleDirectory>().ListAsync(_admin, CancellationToken.None))!, one => one.UserName == "bea");
        Assert.Equal("Bea Smith", person.Name);
        Assert.Equal(Roles.Supervisor, person.Role);
        Assert.Equal("Field", person.Team);
        var audit = await _host.Services.GetRequiredService<PeopleAudit>().OfPersonAsync(_admin, person.Id, 10, CancellationToken.None);
        Assert.Equal([AuditAction.Joined, AuditAction.Invited], audit!.Select(entry => entry.Action));
        Assert.DoesNotContain(_host.Log.Warnings, line => line.Contains(invitation.Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Link_UsedAgain_SaysSoAndCreatesNobody()
    {
        var invitation = await InviteAsync("Bea", Roles.Staff, "Office");
        using var first = _host.Browser();
        using var second = _host.Browser();
        var token = await FormTokenAsync(second, invitation.Path);
        using var joined = await JoinAsync(first, invitation, "bea", PeopleHost.Password);

        using var response = await PostAsync(second, token, invitation.Token, "eve", PeopleHost.Password, PeopleHost.Password);

        Assert.Contains(AccountText.InvitationUsed, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains(AccountText.InvitationUsed, await second.GetStringAsync(invitation.Path), StringComparison.Ordinal);
        Assert.Equal("nobody", await second.GetStringAsync("/who"));
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task Link_AcceptedTwiceAtOnce_CreatesOnePerson()
    {
        var invitation = await InviteAsync("Bea", Roles.Staff, "Office");

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(() => Invitations.AcceptAsync(
            invitation.Token, name: null, $"bea{number}", PeopleHost.Password, "127.0.0.1", CancellationToken.None))));

        Assert.Single(results, result => result is (InvitationState.Open, { Succeeded: true }));
        Assert.Equal(3, results.Count(result => result.State is InvitationState.Used));
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task Link_Expired_SaysSo()
    {
        var invitation = await InviteAsync("Bea", Roles.Staff, "Office");
        _clock.Advance(TimeSpan.FromDays(7));
        using var browser = _host.Browser();

        Assert.Contains(AccountText.InvitationExpired, await browser.GetStringAsync(invitation.Path), StringComparison.Ordinal);
        Assert.Equal(
            InvitationState.Expired,
            (await Invitations.AcceptAsync(invitation.Token, null, "bea", PeopleHost.Password, "127.0.0.1", CancellationToken.None)).State);
        Assert.Empty((await Invitations.ListOpenAsync(_admin, CancellationToken.None))!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?token=")]
    [InlineData("?token=0123")]
    public async Task Link_Unknown_SaysSo(string query)
    {
        using var browser = _host.Browser();

        Assert.Contains(
            AccountText.InvitationUnknown, WebUtility.HtmlDecode(await browser.GetStringAsync("/invitation" + query)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_Withdrawn_CannotBeUsedAndIsWithdrawnOnce()
    {
        var invitation = await InviteAsync("Bea", Roles.Staff, "Office");

        Assert.True((await Invitations.WithdrawAsync(_admin, invitation.Id, CancellationToken.None)).Succeeded);

        Assert.False((await Invitations.WithdrawAsync(_admin, invitation.Id, CancellationToken.None)).Succeeded);
        Assert.Equal(InvitationState.Unknown, (await Invitations.ReadAsync(invitation.Token, CancellationToken.None)).State);
    }

    [Theory]
    [InlineData("bea", "short", "short")]
    [InlineData("bea", PeopleHost.Password, "another long password")]
    [InlineData("ada", PeopleHost.Password, PeopleHost.Password)]
    [InlineData("b a", PeopleHost.Password, PeopleHost.Password)]
    public async Task Form_CannotBeUsed_SaysWhyAndTheLinkStaysValid(string userName, string password, string repeated)
    {
        var invitation = await InviteAsync("Bea", Roles.Staff, "Office");
        using var browser = _host.Browser();

        using var response = await PostAsync(browser, await FormTokenAsync(browser, invitation.Path), invitation.Token, userName, password, repeated);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("role=\"alert\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(InvitationState.Open, (await Invitations.ReadAsync(invitation.Token, CancellationToken.None)).State);
        Assert.Equal(1, await CountAsync());
    }

    [Theory]
    [InlineData(257, 20)]
    [InlineData(5, 257)]
    public async Task Accept_LongerThanTheSignInTakes_IsRefused(int userName, int password)
    {
        var invitation = await InviteAsync("Bea", Roles.Staff, "Office");

        var (state, change) = await Invitations.AcceptAsync(
            invitation.Token, null, new string('b', userName), new string('a', password - 4) + "bcde", "127.0.0.1", CancellationToken.None);

        Assert.Equal(InvitationState.Open, state);
        Assert.Equal([AccountText.TooLong(PasswordSignIn.MaxLength)], change.Problems);
        Assert.Equal(1, await CountAsync());
    }

    [Theory]
    [InlineData("", Roles.Staff, 7)]
    [InlineData("Be\u202Ea", Roles.Staff, 7)]
    [InlineData("Bea", "Owner", 7)]
    [InlineData("Bea", Roles.Staff, 0)]
    [InlineData("Bea", Roles.Staff, 31)]
    public async Task Create_CannotBeUsed_IsRefused(string name, string role, int days)
    {
        var (invitation, change) = await Invitations.CreateAsync(_admin, name, role, "Office", days, CancellationToken.None);

        Assert.Null(invitation);
        Assert.Single(change.Problems);
    }

    [Fact]
    public async Task Everything_AskedForBySomebodyWhoIsNoAdmin_IsRefused()
    {
        var staff = TestKeys.Owner(await _host.CreatePersonAsync("sam", Roles.Staff, "team_default"));
        var invitation = await InviteAsync("Bea", Roles.Staff, "Office");

        Assert.Null((await Invitations.CreateAsync(staff, "Eve", Roles.Admin, "Office", 7, CancellationToken.None)).Invitation);
        Assert.Null(await Invitations.ListOpenAsync(staff, CancellationToken.None));
        Assert.False((await Invitations.WithdrawAsync(staff, invitation.Id, CancellationToken.None)).Succeeded);
        Assert.Equal(InvitationState.Open, (await Invitations.ReadAsync(invitation.Token, CancellationToken.None)).State);
    }

    private async Task<NewInvitation> InviteAsync(string name, string role, string team)
    {
        var (invitation, change) = await Invitations.CreateAsync(_admin, name, role, team, 7, CancellationToken.None);
        Assert.Empty(change.Problems);
        return invitation!;
    }

    private async Task<int> CountAsync() =>
        (await _host.Services.GetRequiredService<PeopleDirectory>().ListAsync(_admin, CancellationToken.None))!.Count;

    private static async Task<HttpResponseMessage> JoinAsync(HttpClient browser, NewInvitation invitation, string userName, string password) =>
        await PostAsync(browser, await FormTokenAsync(browser, invitation.Path), invitation.Token, userName, password, password);

    private static async Task<string> FormTokenAsync(HttpClient browser, string page) =>
        FormToken().Match(await browser.GetStringAsync(page)).Groups[1].Value;

    private static Task<HttpResponseMessage> PostAsync(
        HttpClient browser, string formToken, string token, string userName, string password, string repeated) =>
        browser.PostAsync("/invitation", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = formToken,
            ["_handler"] = "join",
            ["token"] = token,
            ["userName"] = userName,
            ["password"] = password,
            ["repeated"] = repeated,
        }));

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
