using System.Text;
using System.Text.Json;
using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Runs.HostedTools;

/// <summary>
/// Blots secrets out of what an upstream sends, before it is recorded: some servers repeat the request's <c>tools</c> in their
/// answers, with the authorization of an MCP server in it.
/// </summary>
internal sealed class SecretMask
{
    /// <summary>Shorter values would blot out words that are no secrets.</summary>
    public const int Shortest = 8;

    private static readonly byte[] s_blot = "[secret]"u8.ToArray();

    private readonly byte[][] _secrets;
    private readonly string[] _words;

    public SecretMask(IEnumerable<string> secrets)
    {
        _words = [.. secrets.Select(secret => secret.Trim()).Where(secret => secret.Length >= Shortest).Distinct()];
        _secrets =
        [
            // As they are, and as JSON may write them; the longest first, because one may hold another.
            .. _words
                .SelectMany(secret => new[] { Encoding.UTF8.GetBytes(secret), Escaped(secret) })
                .DistinctBy(Convert.ToBase64String)
                .OrderByDescending(secret => secret.Length),
        ];
    }

    /// <summary>This mask's secrets and more.</summary>
    public SecretMask With(IEnumerable<string> secrets) => new(_words.Concat(secrets));

    /// <summary>A mask for the deltas of one stream, in which a secret may be cut.</summary>
    public DeltaMask ForDeltas() => new(_words);

    /// <summary>The event without the secrets; the same one where it has none.</summary>
    public ResponseEvent Apply(ResponseEvent received)
    {
        var json = received.Json;
        foreach (var secret in _secrets)
        {
            json = Blot(json, secret);
        }

        return json.Equals(received.Json) ? received : ResponseEventParser.Parse(json);
    }

    /// <summary>
    /// The failure without the secrets: an error page or a refusal may quote the request. The same one where it has none.
    /// </summary>
    public Exception Apply(Exception failure)
    {
        if (failure is not TransportException told)
        {
            return failure;
        }

        var message = Apply(told.Message);
        var error = told.Error is { } said
            ? said with { Message = Apply(said.Message), Code = Apply(said.Code), ErrorType = Apply(said.ErrorType), Param = Apply(said.Param) }
            : null;
        return message == told.Message && error == told.Error
            ? told
            // Without what caused it: that has the words as well.
            : new TransportException(told.Failure, message, innerException: null)
            {
                HttpStatus = told.HttpStatus,
                CloseCode = told.CloseCode,
                Error = error,
                RetryAfter = told.RetryAfter,
                MayHaveBeenSent = told.MayHaveBeenSent,
                NeverDelivered = told.NeverDelivered,
            };
    }

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(words))]
    private string? Apply(string? words)
    {
        if (words is null)
        {
            return null;
        }

        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(words);
        var blotted = bytes;
        foreach (var secret in _secrets)
        {
            blotted = Blot(blotted, secret);
        }

        return blotted.Equals(bytes) ? words : Encoding.UTF8.GetString(blotted.Span);
    }

    private static ReadOnlyMemory<byte> Blot(ReadOnlyMemory<byte> json, byte[] secret)
    {
        var at = json.Span.IndexOf(secret);
        if (at < 0)
        {
            return json;
        }

        var rest = json;
        var result = new MemoryStream(json.Length);
        while (at >= 0)
        {
            result.Write(rest.Span[..at]);
            result.Write(s_blot);
            rest = rest[(at + secret.Length)..];
            at = rest.Span.IndexOf(secret);
        }

        result.Write(rest.Span);
        return result.ToArray();
    }

    private static byte[] Escaped(string secret) => JsonSerializer.SerializeToUtf8Bytes(secret)[1..^1];
}
