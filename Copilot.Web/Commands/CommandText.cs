using Copilot.Web.Identity;
using Copilot.Web.Security;

namespace Copilot.Web.Commands;

/// <summary>What commands write for people.</summary>
internal static class CommandText
{
    public const string DatabaseOld = "The database was made by another version of the program. Start the server once, so that it brings it up to date, and try again.";
    public const string PasswordPrompt = "Password: ";
    public const string PasswordMissing = "The password is missing. It is the first line of the standard input.";
    public const string ShownOnce = "It is shown this once.";
    public const string AddressMissing = "Put the address of your server before it, or give it with --url.";
    public const string NobodyFound = "Nobody.";
    public const string NoKeys = "No keys.";
    public const string AlreadySo = "Nothing to change: it is so already.";

    /// <summary>All commands.</summary>
    public static string Usage(IEnumerable<Command> commands) => string.Join(
        Environment.NewLine,
        [
            "Commands, for the database of this server. It may be running: it follows within seconds.",
            "",
            .. commands.Select(command => $"  {command.Usage}{Environment.NewLine}      {command.Does}"),
            "",
            $"  USER is a user name or an id. ROLE is {Roles.Staff}, {Roles.Supervisor} or {Roles.Admin}.",
            $"  SCOPES are separated by commas: {string.Join(", ", ApiScopes.All)}, or all.",
            "  --json writes the result as JSON. Settings are those of the server; --ConnectionStrings:Copilot=… names another database.",
            "  Exit codes: 0 done, 1 refused or not as it was written, 2 wrong usage, 3 the database cannot be used.",
        ]);

    /// <summary>One command.</summary>
    public static string UsageOf(Command command) => $"Usage: {command.Usage}";

    /// <summary>Something that the command does not take.</summary>
    public static string Unknown(string argument) => $"'{argument}' is not known here.";

    /// <summary>More operands than there are places.</summary>
    public static string TooMany(string argument) => $"'{argument}' is one too many.";

    /// <summary>An option without its value.</summary>
    public static string ValueMissing(string option) => $"--{option} needs a value.";

    /// <summary>An option that must be a date.</summary>
    public static string NotADate(string option) => $"--{option} must be a date like 2026-11-30.";

    /// <summary>A file that is no checkpoint.</summary>
    public static string NoCheckpoint(string file) => $"'{file}' can't be read, or is no checkpoint.";

    /// <summary>Something that the command needs.</summary>
    public static string Missing(string what) => $"{what} is missing.";

    /// <summary>An option that must be a number.</summary>
    public static string NotANumber(string option) => $"--{option} must be a whole number.";

    /// <summary>No person with this name.</summary>
    public static string NoSuchPerson(string name) => $"There is no person '{name}'.";

    /// <summary>No team with this name.</summary>
    public static string NoSuchTeam(string name) => $"There is no team '{name}'. Add --new to make it.";

    /// <summary>Deleting needs to be meant.</summary>
    public static string Confirm(string name) => $"This deletes {name} with their sign-ins and API keys for good. Their conversations stay. Add --yes if you mean it.";

    /// <summary>A person was changed.</summary>
    public static string Changed(string name, string what) => $"{name}: {what}.";

    /// <summary>An invitation was made.</summary>
    public static string Invited(string name, string role, string team, DateTimeOffset until) =>
        FormattableString.Invariant($"Invitation for {name} ({role}, {team}), open until {until:u}. ") + ShownOnce;
}
