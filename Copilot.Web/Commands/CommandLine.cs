using System.Text.Encodings.Web;
using System.Text.Json;
using Copilot.Domain.Runs.Log;
using Copilot.Web.Identity;
using Copilot.Web.Options;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Commands;

/// <summary>
/// The commands for people, keys and the audit: <c>people …</c>, <c>keys …</c> and <c>audit …</c> in place of starting the server. They use the server's settings and
/// database, which may be in use: a running server sees the change within seconds.
/// </summary>
internal static class CommandLine
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    private static readonly IReadOnlyList<Command> s_all = [.. PeopleCommands.All, .. KeyCommands.All, .. AuditCommands.All];

    /// <summary>Whether these arguments are a command, and not settings of the server.</summary>
    public static bool IsCommand(string[] args) => args is [var first, ..] && s_all.Any(command => command.Group == first);

    /// <summary>Runs a command.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] args, CommandConsole console, CancellationToken cancellationToken)
    {
        // Settings have a section in their name, as everywhere on the command line; all else is the command's.
        var settings = args.Where(IsSetting).ToArray();
        string[] words = [.. args.Where(argument => !IsSetting(argument))];
        if (words.Contains("--help"))
        {
            await console.Out.WriteLineAsync(CommandText.Usage(s_all.Where(one => one.Group == words[0])));
            return ExitCodes.Done;
        }

        if (words is not [var group, var name, .. var rest] || s_all.FirstOrDefault(one => one.Group == group && one.Name == name) is not { } command)
        {
            await console.Error.WriteLineAsync(CommandText.Usage(s_all.Where(one => one.Group == words[0])));
            return ExitCodes.Usage;
        }

        try
        {
            await using var app = Build(settings);
            var call = CommandCall.Parse(command, rest, app.Services, console, cancellationToken);
            if (!command.ReadsOnly)
            {
                await PrepareAsync(app.Services, cancellationToken);
            }

            var result = await command.RunAsync(call);
            await console.Out.WriteLineAsync(call.IsJson ? JsonSerializer.Serialize(result.Json, s_json) : result.Text);
            return result.ExitCode;
        }
        catch (CommandException exception)
        {
            await console.Error.WriteLineAsync(exception.Message);
            return exception.ExitCode;
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            await console.Error.WriteLineAsync((StorageFailure.Explain(exception) ?? exception).Message);
            return ExitCodes.StorageUnavailable;
        }
    }

    private static bool IsSetting(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal)
        && (argument.Split('=')[0].Contains(':', StringComparison.Ordinal)
            || argument.StartsWith("--contentRoot=", StringComparison.OrdinalIgnoreCase)
            || argument.StartsWith("--environment=", StringComparison.OrdinalIgnoreCase));

    // Nothing is started: what is registered for the server's life does not run.
    private static WebApplication Build(string[] settings)
    {
        var builder = WebApplication.CreateBuilder(settings);
        // The output is the command's. What goes wrong ends it with a sentence.
        builder.Logging.ClearProviders();
        builder.AddCopilotOptions();
        builder.Services.AddCopilotStorage(StorageServiceCollectionExtensions.ConnectionString(
            builder.Configuration.GetConnectionString("Copilot"), builder.Environment.ContentRootPath));
        builder.Services.AddCopilotIdentity();
        return builder.Build();
    }

    // A new database is made, so that people can be there before the first start. One of another version may be in use by that version.
    private static async Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync(cancellationToken);
        var path = new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource;
        if (!File.Exists(path))
        {
            await StorageServiceCollectionExtensions.MigrateAsync(services, cancellationToken);
        }
        else if (!(await db.Database.GetAppliedMigrationsAsync(cancellationToken)).ToHashSet().SetEquals(db.Database.GetMigrations()))
        {
            // Older or newer.
            throw new CommandException(ExitCodes.Refused, CommandText.DatabaseOld);
        }
    }
}
