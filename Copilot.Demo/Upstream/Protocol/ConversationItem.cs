using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Copilot.Demo.Upstream.Answering;

namespace Copilot.Demo.Upstream.Protocol;

/// <summary>One item of a conversation, as the client sent it or as the model made it. Immutable, so turns share it.</summary>
internal sealed class ConversationItem
{
    private const int TokensPerItem = 3;

    private ConversationItem(JsonElement json)
    {
        Json = json;
        Type = json.Text("type") ?? "message";
        Id = json.Text("id");
        Role = json.Text("role");
        CallId = json.Text("call_id");
        Name = json.Text("name");
        Arguments = json.Text("arguments") ?? json.Text("input");
        Text = Type == "reasoning" ? TextOf(json.Member("summary")) : TextOf(json.Member("content"));
        Files = FilesOf(json.Member("content"));
        Output = json.Member("output") is { } output ? TextOf(output) : null;

        var length = Text.Length + (Name?.Length ?? 0) + (Arguments?.Length ?? 0) + (Output?.Length ?? 0)
            + (Type == Compaction.ItemType ? json.Text("encrypted_content")?.Length ?? 0 : 0);
        Tokens = TokensPerItem + TokenPieces.Estimate(length) + Files.Sum(file => file.Tokens);
        Fingerprint = Fingerprint.Empty
            .Add(Type).Add(Role).Add(CallId).Add(Name).Add(Arguments).Add(Text).Add(Output);
        foreach (var file in Files)
        {
            Fingerprint = Fingerprint.Add(file.Name).Add(file.Digest);
        }
    }

    public JsonElement Json { get; }

    public string Type { get; }

    public string? Id { get; }

    public string? Role { get; }

    /// <summary>The words of a message or of a reasoning summary.</summary>
    public string Text { get; }

    /// <summary>The images and files of a message.</summary>
    public ImmutableArray<ReceivedFile> Files { get; }

    public string? CallId { get; }

    public string? Name { get; }

    public string? Arguments { get; }

    public string? Output { get; }

    public int Tokens { get; }

    /// <summary>Over what the item says, not over its id or status: a client may send it back without those.</summary>
    public Fingerprint Fingerprint { get; }

    public bool IsMessageFrom(string role) => Type == "message" && Role == role;

    public static ConversationItem From(JsonElement json) => new(json);

    private static ImmutableArray<ReceivedFile> FilesOf(JsonElement? content) =>
        content is { ValueKind: JsonValueKind.Array } parts ? [.. parts.EnumerateArray().Select(ReceivedFile.Of).OfType<ReceivedFile>()] : [];

    private static string TextOf(JsonElement? content)
    {
        if (content is not { } value)
        {
            return string.Empty;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString()!;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return string.Empty;
        }

        var text = new StringBuilder();
        foreach (var part in value.EnumerateArray())
        {
            if ((part.Text("text") ?? part.Text("refusal")) is { } words)
            {
                text.Append(text.Length == 0 ? string.Empty : "\n").Append(words);
            }
        }

        return text.ToString();
    }
}
