using System.Globalization;

namespace Copilot.Web.Commands;

/// <summary>A command with what was given to it.</summary>
internal sealed class CommandCall
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private CommandCall(Command command, IServiceProvider services, CommandConsole console, CancellationToken cancellationToken) =>
        (Command, Services, Console, CancellationToken) = (command, services, console, cancellationToken);

    /// <summary>The command.</summary>
    public Command Command { get; }

    /// <summary>The application's services; nothing of it runs.</summary>
    public IServiceProvider Services { get; }

    /// <summary>Where it reads and writes.</summary>
    public CommandConsole Console { get; }

    /// <summary>Stops it.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Whether the output is for a script.</summary>
    public bool IsJson => Has("json");

    /// <summary>Reads what follows the two words of a command.</summary>
    /// <exception cref="CommandException">Something is missing, or not known.</exception>
    public static CommandCall Parse(
        Command command, IReadOnlyList<string> arguments, IServiceProvider services, CommandConsole console, CancellationToken cancellationToken)
    {
        var call = new CommandCall(command, services, console, cancellationToken);
        var operands = new Queue<string>(command.Operands);
        for (var at = 0; at < arguments.Count; at++)
        {
            var argument = arguments[at];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                call._values[operands.Count > 0 ? operands.Dequeue() : throw Misused(command, CommandText.TooMany(argument))] = argument;
                continue;
            }

            var (name, value) = argument[2..].Split('=', 2) is [var left, var right] ? (left, right) : (argument[2..], null);
            if (name == "json" || command.Flags.Contains(name))
            {
                call._values[name] = "";
            }
            else if (command.Options.Any(option => option.Name == name))
            {
                call._values[name] = value ?? (++at < arguments.Count ? arguments[at] : throw Misused(command, CommandText.ValueMissing(name)));
            }
            else
            {
                throw Misused(command, CommandText.Unknown(argument));
            }
        }

        if (operands.Count > 0 || command.Options.FirstOrDefault(option => option.IsRequired && !call.Has(option.Name)) is not null)
        {
            throw Misused(command, CommandText.Missing(operands.Count > 0 ? operands.Peek() : "--" + command.Options.First(option => option.IsRequired && !call.Has(option.Name)).Name));
        }

        return call;
    }

    /// <summary>Whether an option was given.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>An operand or a required option.</summary>
    public string Get(string name) => _values[name];

    /// <summary>An option, or null.</summary>
    public string? Find(string name) => _values.GetValueOrDefault(name);

    /// <summary>An option that is a whole number; the default when it was not given.</summary>
    public int Number(string name, int fallback) =>
        Find(name) is not { } text ? fallback
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Misused(Command, CommandText.NotANumber(name));

    /// <summary>One service of the application.</summary>
    public T Service<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>The command was not used as it can be.</summary>
    public static CommandException Misused(Command command, string problem) =>
        new(ExitCodes.Usage, $"{problem}{Environment.NewLine}{CommandText.UsageOf(command)}");
}
