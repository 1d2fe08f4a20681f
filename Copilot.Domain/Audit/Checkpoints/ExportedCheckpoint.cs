using System.Globalization;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Audit.Checkpoints;

/// <summary>A checkpoint as it is printed or stored elsewhere: a few lines of text that a person can also type.</summary>
/// <param name="Number">Its number.</param>
/// <param name="At">When it was made.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="KeyId">The key that signed it.</param>
/// <param name="Signature">The signature over the hash.</param>
public sealed record ExportedCheckpoint(long Number, DateTimeOffset At, ReadOnlyMemory<byte> Hash, string KeyId, ReadOnlyMemory<byte> Signature)
{
    private const string Title = "Copilot checkpoint";
    private const int MostCharacters = 10_000;

    /// <summary>What of a checkpoint is exported.</summary>
    public static ExportedCheckpoint From(Checkpoint checkpoint) =>
        new(checkpoint.Number, checkpoint.At, checkpoint.Hash, checkpoint.KeyId, checkpoint.Signature);

    /// <summary>The lines.</summary>
    public string Write() => string.Create(CultureInfo.InvariantCulture, $"""
        {Title}
        number: {Number}
        at: {At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}
        hash: {Convert.ToHexStringLower(Hash.Span)}
        key: {KeyId}
        signature: {Convert.ToHexStringLower(Signature.Span)}

        """);

    /// <summary>Reads what <see cref="Write"/> wrote; null when it is something else.</summary>
    public static ExportedCheckpoint? Read(string text)
    {
        if (text.Length > MostCharacters || !text.TrimStart('\uFEFF').StartsWith(Title, StringComparison.Ordinal))
        {
            return null;
        }

        var fields = text.Split('\n').Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries)).Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First()[1], StringComparer.OrdinalIgnoreCase);
        return long.TryParse(fields.GetValueOrDefault("number"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && DateTimeOffset.TryParse(
                fields.GetValueOrDefault("at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            && Hex(fields.GetValueOrDefault("hash")) is { } hash && hash.Length == RunEventChain.Start.Length
            && fields.GetValueOrDefault("key") is { } key
            && Hex(fields.GetValueOrDefault("signature")) is { } signature
                ? new ExportedCheckpoint(number, at, hash, key, signature)
                : null;
    }

    private static byte[]? Hex(string? text)
    {
        try
        {
            return text is null ? null : Convert.FromHexString(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
