using System.Text.Json.Nodes;

namespace Copilot.Demo.Upstream.Answering;

/// <summary>Counts the tokens of one response and enforces <c>max_output_tokens</c>.</summary>
internal sealed class UsageCounter(int inputTokens, int cachedTokens, int? maxOutputTokens)
{
    private int _output;
    private int _reasoning;

    /// <summary>Counts one output token; false when the limit is reached.</summary>
    public bool TryTake(bool reasoning)
    {
        if (_output >= maxOutputTokens)
        {
            return false;
        }

        _output++;
        _reasoning += reasoning ? 1 : 0;
        return true;
    }

    public JsonObject ToJson() => new()
    {
        ["input_tokens"] = inputTokens,
        ["input_tokens_details"] = new JsonObject
        {
            ["cached_tokens"] = cachedTokens,
            ["cache_write_tokens"] = inputTokens - cachedTokens,
        },
        ["output_tokens"] = _output,
        ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = _reasoning },
        ["total_tokens"] = inputTokens + _output,
    };
}
