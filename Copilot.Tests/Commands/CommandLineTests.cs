using System.Text.Json;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Commands;
using Copilot.Web.Identity;
using Copilot.Web.Security;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Identity.Invitations;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Commands;

/// <summary>The commands as a script runs them, on the database of a server that is running.</summary>
public sealed class CommandLineTests : IAsyncLifetime
{
    private PeopleHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await PeopleHost.StartAsync(new HostSettings());

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task People_FromTheFirstToTheLastCommand_DoWhatTheySay()
    {
        await DoAsync(PeopleHost.Password, "people", "add", "ada", "--name", "Ada Lovelace", "--role", "admin");
        var added = Json(await DoAsync(PeopleHost.Password, "people", "add", "sam", "--role=Staff", "--json"));
        Assert.Equal("sam", added.GetProperty("user_name").GetString());
        Assert.Equal("active", added.GetProperty("state").GetString());

        Assert.Equal("locked", Json(await DoAsync("", "people", "lock", "SAM", "--json")).GetProperty("state").GetString());
        Assert.Equal("active", Json(await DoAsync("", "people", "unlock", "sam", "--json")).GetProperty("state").GetString());
        Assert.Equal("Supervisor", Json(await DoAsync("", "people", "role", "sam", "supervisor", "--json")).GetProperty("role").GetString());
        Assert.Equal(1, (await RunAsync("", "people", "team", "sam", "Field")).ExitCode);
        Assert.Equal("Field", Json(await DoAsync("", "people", "team", "sam", "Field", "--new", "--json")).GetProperty("team").GetString());
        Assert.Equal(CommandText.AlreadySo, (await DoAsync("", "people", "team", "sam", "field")).Trim());
        await DoAsync("another long password", "people", "password", "sam");
        Assert.Equal(1, (await RunAsync("short", "people", "password", "sam")).ExitCode);
        await DoAsync("", "people", "sign-out", "sam");
        Assert.Equal(2, (await RunAsync("", "people", "delete", "sam")).ExitCode);
        await DoAsync("", "people", "delete", "sam", "--yes");

        var left = Json(await DoAsync("", "people", "list", "--json")).EnumerateArray().Select(person => person.GetProperty("name").GetString());
        Assert.Equal(["Ada Lovelace"], left);
        var audit = await _host.Services.GetRequiredService<PeopleAudit>().NewestAsync(ChangedBy.CommandLine, 20, CancellationToken.None);
        Assert.Equal(
            [
                AuditAction.Deleted, AuditAction.SignedOut, AuditAction.PasswordSet, AuditAction.TeamChanged, AuditAction.RoleChanged,
                AuditAction.Unlocked, AuditAction.Locked, AuditAction.Created, AuditAction.Created,
            ],
            audit!.Select(entry => entry.Action));
        Assert.All(audit!, entry => Assert.Equal(ChangedBy.CommandLine.Origin, entry.Origin));
        Assert.All(audit!, entry => Assert.Equal(Environment.UserName, entry.ActorName));
    }

    [Fact]
    public async Task Invite_Url_WritesALinkThatTheServerTakes()
    {
        var made = Json(await DoAsync("", "people", "invite", "Bea", "--role", "Staff", "--days", "3", "--url", "https://copilot.example/", "--json"));

        var link = new Uri(made.GetProperty("url").GetString()!);
        Assert.Equal("https://copilot.example/invitation", link.GetLeftPart(UriPartial.Path));
        var (state, name) = await _host.Services.GetRequiredService<Invitations>().ReadAsync(link.Query["?token=".Length..], CancellationToken.None);
        Assert.Equal(InvitationState.Open, state);
        Assert.Equal("Bea", name);
    }

    [Fact]
    public async Task Keys_AddListRevoke_WorkOnTheRunningServer()
    {
        await _host.CreatePersonAsync("anna", Roles.Staff, "team_default");

        var added = await RunAsync("", "keys", "add", "anna", "n8n", "--scopes", "runs:read,runs:write", "--days", "30");
        var key = added.Out.Trim();

        Assert.Equal(0, added.ExitCode);
        Assert.DoesNotContain(key, added.Error, StringComparison.Ordinal);
        var caller = await _host.Services.GetRequiredService<ApiKeys>().AuthenticateAsync(key, CancellationToken.None);
        Assert.Equal([ApiScopes.RunsRead, ApiScopes.RunsWrite], caller!.Scopes);
        var listed = Assert.Single(Json(await DoAsync("", "keys", "list", "--user", "anna", "--json")).EnumerateArray());
        Assert.Equal("n8n", listed.GetProperty("name").GetString());
        Assert.DoesNotContain(key, listed.GetRawText(), StringComparison.Ordinal);
        await DoAsync("", "keys", "revoke", caller.KeyId);
        Assert.Null(await _host.Services.GetRequiredService<ApiKeys>().AuthenticateAsync(key, CancellationToken.None));
        Assert.Equal(ExitCodes.Refused, (await RunAsync("", "keys", "revoke", caller.KeyId)).ExitCode);
    }

    [Theory]
    [InlineData("people")]
    [InlineData("people", "dance")]
    [InlineData("people", "lock")]
    [InlineData("people", "lock", "a", "b")]
    [InlineData("people", "lock", "a", "--now")]
    [InlineData("people", "add", "a")]
    [InlineData("people", "add", "a", "--role")]
    [InlineData("people", "add", "a", "--role", "Staff")]
    [InlineData("people", "invite", "a", "--role", "Staff", "--days", "x")]
    [InlineData("keys", "add", "a", "b")]
    public async Task Command_WrongUsage_EndsWithTwoAndSaysHow(params string[] args)
    {
        var result = await RunAsync("", args);

        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.Empty(result.Out);
        Assert.Contains(args[0], result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("people", "lock", "nobody")]
    [InlineData("people", "role", "nobody", "Admin")]
    [InlineData("people", "add", "sam", "--role", "Owner")]
    [InlineData("people", "add", "sam", "--role", "Staff", "--team", "None")]
    [InlineData("people", "invite", "Sam", "--role", "Staff", "--days", "400")]
    [InlineData("keys", "list", "--user", "nobody")]
    [InlineData("keys", "revoke", "key_none")]
    public async Task Command_ThatIsRefused_EndsWithOneAndSaysWhy(params string[] args)
    {
        var result = await RunAsync(PeopleHost.Password, args);

        Assert.Equal(ExitCodes.Refused, result.ExitCode);
        Assert.Empty(result.Out);
        Assert.NotEmpty(result.Error);
    }

    [Theory]
    [InlineData("people")]
    [InlineData("keys")]
    public async Task Help_Asked_IsTheOutput(string group)
    {
        var result = await RunAsync("", group, "--help");

        Assert.Equal(ExitCodes.Done, result.ExitCode);
        Assert.Contains($"{group} list", result.Out, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task NewDatabase_IsMade_AndOneThatCannotBeOpenedEndsWithThree()
    {
        var folder = Directory.CreateTempSubdirectory("copilot-command-").FullName;
        var made = await TestCommand.RunAsync($"Data Source={folder}/new.db;Pooling=False", folder, PeopleHost.Password, "people", "add", "ada", "--role", "Admin");
        File.WriteAllText(Path.Combine(folder, "broken.db"), new string('x', 8192));
        var broken = await TestCommand.RunAsync($"Data Source={folder}/broken.db;Pooling=False", folder, "", "people", "list");
        Directory.Delete(folder, recursive: true);

        Assert.Equal(ExitCodes.Done, made.ExitCode);
        Assert.Equal(ExitCodes.StorageUnavailable, broken.ExitCode);
        Assert.NotEmpty(broken.Error);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private async Task<string> DoAsync(string input, params string[] args)
    {
        var result = await RunAsync(input, args);
        Assert.Equal("", result.Error);
        Assert.Equal(ExitCodes.Done, result.ExitCode);
        return result.Out;
    }

    private Task<TestCommand> RunAsync(string input, params string[] args) =>
        TestCommand.RunAsync(_host.ConnectionString, _host.ContentRoot, input, args);
}
