namespace Copilot.Domain.Responses.Requests;

/// <summary>A part of a request that nobody set and that is only good to have: an upstream that refuses it is asked without it.</summary>
public enum RequestExtra
{
    /// <summary><c>reasoning.summary</c>, unless the settings ask for another than the default.</summary>
    ReasoningSummary,

    /// <summary><c>include</c>: reasoning in its encrypted form, and what people want to see of hosted tools.</summary>
    Include,

    /// <summary><c>prompt_cache_key</c>.</summary>
    PromptCacheKey,

    /// <summary><c>strict</c> of every function.</summary>
    StrictTools,

    /// <summary><c>parallel_tool_calls</c>.</summary>
    ParallelToolCalls,
}
