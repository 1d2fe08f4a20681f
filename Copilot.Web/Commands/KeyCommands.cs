using System.Globalization;
using Copilot.Web.Identity;
using Copilot.Web.Security;
using Copilot.Web.Identity.Administration;

namespace Copilot.Web.Commands;

/// <summary>API keys by command.</summary>
internal static class KeyCommands
{
    private const string Group = "keys";

    private static readonly ChangedBy s_by = ChangedBy.CommandLine;

    /// <summary>All of them, in the order of their usage.</summary>
    public static IReadOnlyList<Command> All { get; } =
    [
        new(Group, "list", [], [new("user", "USER")], [], "Lists the keys that work, of everybody or of one person.", ListAsync),
        new(Group, "add", ["USER", "NAME"], [new("scopes", "SCOPES", IsRequired: true), new("days", "N")], [],
            "Makes a key that acts for a person, for so many days or for ever, and writes it once.", AddAsync),
        new(Group, "revoke", ["KEY-ID"], [], [], "Ends a key and all that uses it.", RevokeAsync),
    ];

    private static async Task<CommandResultText> ListAsync(CommandCall call)
    {
        var keys = call.Service<ApiKeys>();
        var rows = (call.Find("user") is { } name
            ? await keys.ListAsync(s_by, (await PeopleCommands.FindAsync(call, name)).Id, call.CancellationToken)
            : await keys.ListAllAsync(s_by, call.CancellationToken)) ?? [];
        var text = rows.Count == 0
            ? CommandText.NoKeys
            : TextTable.Write(
                ["ID", "USER-ID", "NAME", "SCOPES", "EXPIRES", "LAST USED"],
                rows.Select(row => (string[])[row.Id, row.UserId, row.Name, string.Join(',', row.Scopes), Time(row.ExpiresAt), Time(row.LastUsedAt)]));
        return new CommandResultText(text, rows);
    }

    private static async Task<CommandResultText> AddAsync(CommandCall call)
    {
        var person = await PeopleCommands.FindAsync(call, call.Get("USER"));
        var scopes = call.Get("scopes") is "all" ? ApiScopes.All : call.Get("scopes").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var expiry = call.Has("days") ? call.Service<TimeProvider>().GetUtcNow().AddDays(call.Number("days", 0)) : (DateTimeOffset?)null;
        var (key, change) = await call.Service<ApiKeys>().CreateAsync(
            s_by, person.Id, new ApiKeyRequest(call.Get("NAME"), scopes, expiry), call.CancellationToken);
        PeopleCommands.Check(change);
        // The key alone on the output: `KEY=$(… keys add …)` works.
        await call.Console.Error.WriteLineAsync($"{key!.Id}. {CommandText.ShownOnce}");
        return new CommandResultText(key.Key, new { key.Id, key.Key, UserId = person.Id, Scopes = scopes, ExpiresAt = expiry });
    }

    private static async Task<CommandResultText> RevokeAsync(CommandCall call)
    {
        var id = call.Get("KEY-ID");
        PeopleCommands.Check(await call.Service<ApiKeys>().RevokeAsync(s_by, id, call.CancellationToken));
        return new CommandResultText(CommandText.Changed(id, "revoked"), new { Id = id, Changed = true });
    }

    private static string Time(DateTimeOffset? time) => time?.ToString("u", CultureInfo.InvariantCulture) ?? "";
}
