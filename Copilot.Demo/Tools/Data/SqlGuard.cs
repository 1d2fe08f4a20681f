using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Copilot.Demo.Tools.Data;

/// <summary>
/// Restricts one connection to reading the company's tables, in bounded time and memory: SQLite calls it for every action of a statement
/// during compilation, and regularly while the statement runs. Removed before the connection returns to its pool.
/// </summary>
internal sealed class SqlGuard : IDisposable
{
    // Other runs' calls, the calendar's internal state and the engine's tables are not accessible.
    private static readonly Dictionary<string, string> s_tables = new(StringComparer.OrdinalIgnoreCase)
    {
        ["customers"] = "customer_id, name, city, area",
        ["sites"] = "site_id, customer_id, name, address",
        ["contacts"] = "contact_id, customer_id, name, role, phone, email",
        ["equipment"] = "equipment_id, customer_id, site_id, name, skill, serial, installed",
        ["notes"] = "note_id, customer_id, note, created_at",
        ["parts"] = "part_id, sku, name, skill, fits, in_stock, location, pence",
        ["reservations"] = "reservation_id, part_id, customer_id, quantity, created_at",
        ["technicians"] = "technician_id, number, name, skills, area",
        ["slots"] = "slot_id, technician_id, starts_at, ends_at",
        ["bookings"] = "booking_id, slot_id, customer_id, reservation_id, notes, created_at",
    };

    // None of these can turn a small value into a large one, read a file or load code.
    private static readonly HashSet<string> s_functions = new(StringComparer.OrdinalIgnoreCase)
    {
        "abs", "avg", "coalesce", "count", "date", "datetime", "iif", "ifnull", "instr", "julianday", "length", "like", "lower",
        "max", "min", "nullif", "round", "row_number", "rank", "dense_rank", "strftime", "substr", "substring", "sum", "time",
        "total", "trim", "ltrim", "rtrim", "typeof", "unicode", "unixepoch", "upper", "sign",
    };

    // Of a value, and of a row that is sorted or grouped.
    private const int MaxValueBytes = 20_000;
    private const int MaxColumns = 100;
    private const long MaxWorkingBytes = 32 * 1024 * 1024;

    // A function cannot be stopped while it works on a value: few of them run between two looks.
    private const int StepsBetweenChecks = 20;
    private const int MaxChecks = 1_500_000;

    // With two arguments they compare each character with each: seconds for one value.
    private static readonly string[] s_slow = ["trim", "ltrim", "rtrim"];

    private readonly sqlite3 _handle;
    private readonly delegate_authorizer _authorize;
    private readonly delegate_progress _progress;
    private readonly delegate_function_scalar _refuse;

    private readonly int _usualBytes;
    private readonly int _usualColumns;
    private readonly long _bytesBefore;
    private int _checks;
    private int _selects;

    private SqlGuard(sqlite3 handle, CancellationToken cancellationToken)
    {
        // The engine holds the callbacks: they must not be collected while set.
        _handle = handle;
        _authorize = (_, action, first, second, _, _) => Allow(action, first.utf8_to_string(), second.utf8_to_string());
        _progress = _ => MayContinue(cancellationToken) ? 0 : 1;

        // Sorting and grouping stay in memory, where they can be limited; on disk they could not.
        raw.sqlite3_exec(handle, "PRAGMA temp_store = MEMORY");
        _usualBytes = raw.sqlite3_limit(handle, raw.SQLITE_LIMIT_LENGTH, MaxValueBytes);
        _usualColumns = raw.sqlite3_limit(handle, raw.SQLITE_LIMIT_COLUMN, MaxColumns);
        _bytesBefore = raw.sqlite3_memory_used();
        raw.sqlite3_set_authorizer(handle, _authorize, null);
        raw.sqlite3_progress_handler(handle, StepsBetweenChecks, _progress, null);
        _refuse = (context, _, _) => raw.sqlite3_result_error(context, utf8z.FromString("trim with a set of characters is not available here."));
        foreach (var name in s_slow)
        {
            raw.sqlite3_create_function(handle, name, 2, null, _refuse);
        }
    }

    /// <summary>The tables with their columns, for the model.</summary>
    public static string Tables { get; } = string.Join("; ", s_tables.Select(table => $"{table.Key}({table.Value})"));

    /// <summary>Why a statement was refused or stopped, or null.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Guards a connection until it is disposed. Cancelling stops a running query.</summary>
    public static SqlGuard Attach(SqliteConnection connection, CancellationToken cancellationToken) =>
        new(connection.Handle ?? throw new InvalidOperationException("The connection is not open."), cancellationToken);

    /// <summary>Why a statement that compiles is none of those that may run, as a sentence; null for all others.</summary>
    public string? ProblemOf(string sql)
    {
        var result = raw.sqlite3_prepare_v2(_handle, sql, out var statement);
        _selects = 0;
        if (result != raw.SQLITE_OK)
        {
            // Running it tells why.
            return null;
        }

        using (statement)
        {
            return raw.sqlite3_stmt_isexplain(statement) != 0 ? "Write one SELECT; EXPLAIN is not available here."
                : raw.sqlite3_bind_parameter_count(statement) > 0 ? "Write the values into the SELECT; parameters are not available here."
                : null;
        }
    }

    public void Dispose()
    {
        raw.sqlite3_set_authorizer(_handle, (delegate_authorizer?)null, null);
        raw.sqlite3_progress_handler(_handle, 0, null, null);
        foreach (var name in s_slow)
        {
            raw.sqlite3_create_function(_handle, name, 2, null, null);
        }

        raw.sqlite3_limit(_handle, raw.SQLITE_LIMIT_LENGTH, _usualBytes);
        raw.sqlite3_limit(_handle, raw.SQLITE_LIMIT_COLUMN, _usualColumns);
        raw.sqlite3_exec(_handle, "PRAGMA temp_store = DEFAULT");
    }

    private bool MayContinue(CancellationToken cancellationToken)
    {
        if (++_checks > MaxChecks)
        {
            Refusal ??= "it takes too long; join or count less.";
            return false;
        }

        // The engine counts the whole process: other use is small, and concurrent queries are limited together.
        if (raw.sqlite3_memory_used() - _bytesBefore > MaxWorkingBytes)
        {
            Refusal ??= "it sorts or groups too much; join less or narrow it down.";
            return false;
        }

        return !cancellationToken.IsCancellationRequested;
    }

    private int Allow(int action, string? first, string? second)
    {
        switch (action)
        {
            // Nested ones multiply during compilation, which cannot be interrupted.
            case raw.SQLITE_SELECT when ++_selects == 1:
                return raw.SQLITE_OK;
            case raw.SQLITE_READ when s_tables.ContainsKey(first ?? ""):
                return raw.SQLITE_OK;
            case raw.SQLITE_READ:
                Refusal ??= $"there is no table '{first}'.";
                return raw.SQLITE_DENY;
            case raw.SQLITE_FUNCTION when s_functions.Contains(second ?? ""):
                return raw.SQLITE_OK;
            case raw.SQLITE_FUNCTION:
                Refusal ??= $"the function '{second}' is not available here.";
                return raw.SQLITE_DENY;
            default:
                Refusal ??= "only one SELECT without others in it is allowed.";
                return raw.SQLITE_DENY;
        }
    }
}
