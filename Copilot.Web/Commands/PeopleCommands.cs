using System.Globalization;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Identity.Invitations;

namespace Copilot.Web.Commands;

/// <summary>People by command.</summary>
internal static class PeopleCommands
{
    private const string Group = "people";
    private const int DefaultDays = 7;

    private static readonly ChangedBy s_by = ChangedBy.CommandLine;

    /// <summary>All of them, in the order of their usage.</summary>
    public static IReadOnlyList<Command> All { get; } =
    [
        new(Group, "list", [], [], [], "Lists everybody.", ListAsync),
        new(Group, "add", ["USER"], [new("name", "NAME"), new("role", "ROLE", IsRequired: true), new("team", "TEAM")], [],
            "Creates a person. The password is the first line of the standard input.", AddAsync),
        new(Group, "invite", ["NAME"], [new("role", "ROLE", IsRequired: true), new("team", "TEAM"), new("days", "N"), new("url", "ADDRESS")], ["new"],
            "Makes a link by which a person chooses a user name and a password; it works once, for 7 days unless --days says otherwise.", InviteAsync),
        new(Group, "lock", ["USER"], [], [], "Ends all that a person has open, and refuses them until they are unlocked.", call => ChangeAsync(call, "locked", administration => administration.LockAsync)),
        new(Group, "unlock", ["USER"], [], [], "Lets a person in again, also after wrong passwords.", call => ChangeAsync(call, "unlocked", administration => administration.UnlockAsync)),
        new(Group, "role", ["USER", "ROLE"], [], [], "Gives a person another role.", RoleAsync),
        new(Group, "team", ["USER", "TEAM"], [], ["new"], "Moves a person to a team; --new makes one that is not there.", TeamAsync),
        new(Group, "password", ["USER"], [], [], "Gives a person another password, the first line of the standard input, and ends their sign-ins.", PasswordAsync),
        new(Group, "sign-out", ["USER"], [], [], "Ends every sign-in of a person.", call => ChangeAsync(call, "signed out everywhere", administration => administration.SignOutEverywhereAsync)),
        new(Group, "delete", ["USER"], [], ["yes"], "Deletes a person with their sign-ins and API keys. Their conversations stay.", DeleteAsync),
    ];

    /// <summary>The person that a command names.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static async Task<PersonRow> FindAsync(CommandCall call, string name) =>
        await call.Service<PeopleDirectory>().FindByNameAsync(s_by, name, call.CancellationToken)
        ?? throw new CommandException(ExitCodes.Refused, CommandText.NoSuchPerson(name));

    /// <summary>Throws what a change was refused for.</summary>
    /// <exception cref="CommandException">It was.</exception>
    public static void Check(PersonChange change)
    {
        if (!change.Succeeded)
        {
            throw new CommandException(ExitCodes.Refused, string.Join(Environment.NewLine, change.Problems));
        }
    }

    private static async Task<CommandResultText> ListAsync(CommandCall call)
    {
        var rows = await call.Service<PeopleDirectory>().ListAsync(s_by, call.CancellationToken) ?? [];
        var text = rows.Count == 0
            ? CommandText.NobodyFound
            : TextTable.Write(
                ["USER", "NAME", "ROLE", "TEAM", "STATE", "LAST SIGN-IN", "OPEN", "ID"],
                rows.Select(row => (string[])
                [
                    row.UserName, row.Name, row.Role ?? "", row.Team, State(row.State), row.LastSignInAt?.ToString("u", CultureInfo.InvariantCulture) ?? "",
                    row.OpenSignIns.ToString(CultureInfo.InvariantCulture), row.Id,
                ]));
        return new CommandResultText(text, rows.Select(Json));
    }

    private static async Task<CommandResultText> AddAsync(CommandCall call)
    {
        var (userName, password) = (call.Get("USER"), await ReadPasswordAsync(call));
        var (id, change) = await call.Service<PeopleAdministration>().CreateAsync(
            s_by, userName, call.Find("name") ?? userName, call.Get("role"), await TeamOrFirstAsync(call), password, call.CancellationToken);
        Check(change);
        return new CommandResultText(CommandText.Changed(userName, "created"), Json(await FindAsync(call, id!)));
    }

    private static async Task<CommandResultText> PasswordAsync(CommandCall call)
    {
        var person = await FindAsync(call, call.Get("USER"));
        return await DoneAsync(
            call,
            person,
            "password changed",
            await call.Service<PeopleAdministration>().SetPasswordAsync(s_by, person.Id, await ReadPasswordAsync(call), call.CancellationToken));
    }

    private static async Task<string> ReadPasswordAsync(CommandCall call) =>
        await call.Console.ReadSecretAsync(CommandText.PasswordPrompt, call.CancellationToken) is { Length: > 0 } password
            ? password
            : throw CommandCall.Misused(call.Command, CommandText.PasswordMissing);

    private static async Task<CommandResultText> InviteAsync(CommandCall call)
    {
        var team = await TeamOrFirstAsync(call);
        var (made, change) = await call.Service<Invitations>().CreateAsync(
            s_by, call.Get("NAME"), call.Get("role"), team, call.Number("days", DefaultDays), call.CancellationToken);
        Check(change);
        var address = call.Find("url")?.TrimEnd('/');
        var link = address + made!.Path;
        return new CommandResultText(
            string.Join(
                Environment.NewLine,
                [CommandText.Invited(call.Get("NAME"), call.Get("role"), team, made.ExpiresAt), link, .. address is null ? [CommandText.AddressMissing] : Array.Empty<string>()]),
            new { made.Id, Path = made.Path, Url = address is null ? null : link, made.ExpiresAt });
    }

    private static async Task<CommandResultText> RoleAsync(CommandCall call)
    {
        var person = await FindAsync(call, call.Get("USER"));
        return await DoneAsync(
            call, person, "role changed", await call.Service<PeopleAdministration>().SetRoleAsync(s_by, person.Id, call.Get("ROLE"), call.CancellationToken));
    }

    private static async Task<CommandResultText> TeamAsync(CommandCall call)
    {
        var person = await FindAsync(call, call.Get("USER"));
        await RequireTeamAsync(call, call.Get("TEAM"));
        return await DoneAsync(
            call, person, "team changed", await call.Service<PeopleAdministration>().SetTeamAsync(s_by, person.Id, call.Get("TEAM"), call.CancellationToken));
    }

    private static async Task<CommandResultText> DeleteAsync(CommandCall call)
    {
        var person = await FindAsync(call, call.Get("USER"));
        if (!call.Has("yes"))
        {
            throw CommandCall.Misused(call.Command, CommandText.Confirm(person.Name));
        }

        Check(await call.Service<PeopleAdministration>().DeleteAsync(s_by, person.Id, call.CancellationToken));
        return new CommandResultText(CommandText.Changed(person.UserName, "deleted"), new { person.Id, person.UserName, Changed = true });
    }

    private static async Task<CommandResultText> ChangeAsync(
        CommandCall call, string done, Func<PeopleAdministration, Func<ChangedBy, string, CancellationToken, Task<PersonChange>>> change)
    {
        var person = await FindAsync(call, call.Get("USER"));
        return await DoneAsync(call, person, done, await change(call.Service<PeopleAdministration>())(s_by, person.Id, call.CancellationToken));
    }

    private static async Task<CommandResultText> DoneAsync(CommandCall call, PersonRow person, string done, PersonChange change)
    {
        Check(change);
        return new CommandResultText(
            change.IsUnchanged ? CommandText.AlreadySo : CommandText.Changed(person.UserName, done), Json(await FindAsync(call, person.Id)));
    }

    // The team that an option names, which is there unless a new one is asked for; without the option, the first.
    private static async Task<string> TeamOrFirstAsync(CommandCall call)
    {
        if (call.Find("team") is { } name)
        {
            await RequireTeamAsync(call, name);
            return name;
        }

        var first = await call.Service<PersonStore>().FirstTeamAsync(call.CancellationToken);
        return (await call.Service<Teams>().ListAsync(call.CancellationToken)).Single(team => team.Id == first).Name;
    }

    private static async Task RequireTeamAsync(CommandCall call, string name)
    {
        if (!call.Has("new") && await call.Service<Teams>().FindAsync(name, call.CancellationToken) is null)
        {
            throw new CommandException(ExitCodes.Refused, call.Command.Flags.Contains("new") ? CommandText.NoSuchTeam(name) : AdministrationText.TeamUnknown);
        }
    }

    private static object Json(PersonRow row) => new
    {
        row.Id, row.UserName, row.Name, row.Role, row.Team, State = State(row.State), row.LastSignInAt, row.OpenSignIns,
    };

    private static string State(PersonState state) => state switch
    {
        PersonState.Locked => "locked",
        PersonState.LockedOut => "locked_out",
        _ => "active",
    };
}
