namespace Copilot.Domain.Runs.HostedTools;

/// <summary>
/// The tools that the upstream runs itself, which every agent is offered. Bound from <c>HostedTools</c>. Off unless set; in
/// demo mode with the demo upstream on unless set.
/// </summary>
public sealed class HostedToolsOptions
{
    /// <summary>Web search (<c>web_search</c>).</summary>
    public WebSearchToolOptions WebSearch { get; set; } = new();

    /// <summary>Search in vector stores (<c>file_search</c>).</summary>
    public FileSearchToolOptions FileSearch { get; set; } = new();

    /// <summary>Code in the upstream's sandbox (<c>code_interpreter</c>).</summary>
    public CodeInterpreterToolOptions CodeInterpreter { get; set; } = new();

    /// <summary>Images (<c>image_generation</c>).</summary>
    public ImageGenerationToolOptions ImageGeneration { get; set; } = new();

    /// <summary>MCP servers that the upstream calls (<c>mcp</c>), by <c>server_label</c>: 1 to 64 letters, digits, <c>_</c> or <c>-</c>.</summary>
    public Dictionary<string, McpServerOptions> Mcp { get; } = new(StringComparer.Ordinal);
}

/// <summary>Options of the API's <c>web_search</c> tool.</summary>
public sealed class WebSearchToolOptions
{
    /// <summary>Whether the model may search the web.</summary>
    public bool Enabled { get; set; }

    /// <summary>How much of what is found the model reads: <c>low</c>, <c>medium</c> or <c>high</c>. More is better and dearer. Default: the upstream's.</summary>
    public string? ContextSize { get; set; }

    /// <summary>The only domains that are searched, without scheme; empty for all.</summary>
    public IReadOnlyList<string> AllowedDomains { get; set; } = [];

    /// <summary>Two-letter country that results should suit, or null.</summary>
    public string? Country { get; set; }
}

/// <summary>Options of the API's <c>file_search</c> tool; on when there is a vector store.</summary>
public sealed class FileSearchToolOptions
{
    /// <summary>The vector stores that are searched. Default: none, the tool is off.</summary>
    public IReadOnlyList<string> VectorStoreIds { get; set; } = [];

    /// <summary>Most results of a search, 1 to 50; null for the upstream's default.</summary>
    public int? MaxResults { get; set; }
}

/// <summary>Options of the API's <c>code_interpreter</c> tool.</summary>
public sealed class CodeInterpreterToolOptions
{
    /// <summary>Whether the model may run code in the upstream's sandbox.</summary>
    public bool Enabled { get; set; }

    /// <summary>Memory of the sandbox: <c>1g</c>, <c>4g</c>, <c>16g</c> or <c>64g</c>. Default: the upstream's.</summary>
    public string? Memory { get; set; }
}

/// <summary>Options of the API's <c>image_generation</c> tool.</summary>
public sealed class ImageGenerationToolOptions
{
    /// <summary>Whether the model may make images.</summary>
    public bool Enabled { get; set; }

    /// <summary><c>auto</c> or pixels like <c>1024x1024</c>. Default: the upstream's.</summary>
    public string? Size { get; set; }

    /// <summary><c>auto</c>, <c>low</c>, <c>medium</c> or <c>high</c>. Default: the upstream's.</summary>
    public string? Quality { get; set; }

    /// <summary><c>png</c>, <c>jpeg</c> or <c>webp</c>. Default: the upstream's.</summary>
    public string? Format { get; set; }

    /// <summary>Images on the way to the final one, 0 to 3. Each costs tokens. Default 0.</summary>
    public int PartialImages { get; set; }
}

/// <summary>Who agrees to a call of an MCP tool.</summary>
public enum McpApproval
{
    /// <summary>A person agrees to every call.</summary>
    Always,

    /// <summary>The upstream calls at once.</summary>
    Never,
}

/// <summary>One MCP server.</summary>
public sealed class McpServerOptions
{
    /// <summary>Its address, which the upstream calls: https, or http on this machine.</summary>
    public Uri? Url { get; set; }

    /// <summary>Its OAuth token. A secret: sent to the upstream with every request, kept in no log.</summary>
    public string? Authorization { get; set; }

    /// <summary>Headers the upstream sends to it. Their values are secrets, too.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What it is for, for the model; null leaves it to the server.</summary>
    public string? Description { get; set; }

    /// <summary>The only tools the model may use; empty for all.</summary>
    public IReadOnlyList<string> AllowedTools { get; set; } = [];

    /// <summary>Whether a person agrees to each call. Default <see cref="McpApproval.Always"/>.</summary>
    public McpApproval RequireApproval { get; set; } = McpApproval.Always;

    /// <summary>The tools for which the opposite of <see cref="RequireApproval"/> holds.</summary>
    public IReadOnlyList<string> ApprovalExceptions { get; set; } = [];
}
