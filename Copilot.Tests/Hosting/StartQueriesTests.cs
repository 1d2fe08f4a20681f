using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Hosting;

/// <summary>A start takes as long with a long past as with none.</summary>
public sealed partial class StartQueriesTests
{
    private static readonly string[] s_growing =
    [
        "sessions", "runs", "run_events", "run_segments", "run_salts", "run_snapshots", "run_payloads", "run_ratings", "session_views", "files", "search_rows",
        "search_texts", "forgettings", "forgotten_runs", "forgotten_responses",
    ];

    [Fact]
    public async Task Start_UntilReady_ReadsNoTableThatGrows()
    {
        using var commands = new Commands();
        await using var host = await WholeHost.StartAsync();
        using var client = host.Client();
        using var ready = await client.GetAsync("/health/ready");
        Assert.True(ready.IsSuccessStatusCode);

        var asked = commands.Of(host.Folder)
            .Where(one => ReadsOrChanges().IsMatch(one.Sql))
            // Of an empty list: it reads nothing.
            .Where(one => !one.Sql.EndsWith("WHERE 0", StringComparison.Ordinal))
            .ToList();
        await using var db = await host.App.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        var partial = Read(connection, "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'", [], 0);

        Assert.NotEmpty(asked);
        foreach (var (sql, parameters) in asked)
        {
            var names = Named().Matches(sql).ToDictionary(match => match.Groups["alias"].Value, match => match.Groups["table"].Value);
            var scans = Read(connection, "EXPLAIN QUERY PLAN " + sql, parameters, 3)
                .Select(line => Scan().Match(line))
                .Where(scan => scan.Success && s_growing.Contains(names.GetValueOrDefault(scan.Groups["table"].Value, scan.Groups["table"].Value)))
                // What is rare has an index of its own, which is read as a whole.
                .Where(scan => !partial.Contains(scan.Groups["index"].Value))
                .Select(scan => scan.Value);
            Assert.True(!scans.Any(), $"A start reads all of a table:\n{sql}\n{string.Join('\n', scans)}");
        }
    }

    private static List<string> Read(SqliteConnection connection, string sql, IReadOnlyList<string> parameters, int column)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
        {
            command.Parameters.AddWithValue(name, DBNull.Value);
        }

        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
        {
            lines.Add(reader.GetString(column));
        }

        return lines;
    }

    [GeneratedRegex("""^\s*(SELECT|UPDATE|DELETE|WITH)\b""")]
    private static partial Regex ReadsOrChanges();

    [GeneratedRegex("""
        "(?<table>\w+)" AS "(?<alias>\w+)"
        """)]
    private static partial Regex Named();

    [GeneratedRegex("""^SCAN (?<table>\w+)( USING (COVERING )?INDEX (?<index>\w+))?""")]
    private static partial Regex Scan();

    /// <summary>All commands that this process sends to a database.</summary>
    private sealed class Commands : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly ConcurrentQueue<(string Connection, string Sql, string[] Parameters)> _all = [];
        private readonly ConcurrentBag<IDisposable> _subscriptions = [];

        public Commands() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

        /// <summary>Those to the database in a folder, after its migrations: only the first start of a version has them.</summary>
        public IReadOnlyList<(string Sql, IReadOnlyList<string> Parameters)> Of(string folder)
        {
            var ours = _all.Where(one => one.Connection.Contains(folder, StringComparison.Ordinal)).ToList();
            var migrated = ours.FindLastIndex(one => one.Sql.StartsWith("INSERT INTO \"__EFMigrationsHistory\"", StringComparison.Ordinal));
            return [.. ours.Skip(migrated + 1).DistinctBy(one => one.Sql).Select(one => (one.Sql, (IReadOnlyList<string>)one.Parameters))];
        }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == DbLoggerCategory.Name)
            {
                _subscriptions.Add(value.Subscribe(this));
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key == RelationalEventId.CommandExecuting.Name && value.Value is CommandEventData { Command: SqliteCommand command })
            {
                _all.Enqueue((
                    command.Connection?.ConnectionString ?? "",
                    command.CommandText,
                    [.. command.Parameters.Cast<SqliteParameter>().Select(parameter => parameter.ParameterName)]));
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose()
        {
            foreach (var subscription in _subscriptions)
            {
                subscription.Dispose();
            }
        }
    }
}
