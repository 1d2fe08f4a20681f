using Copilot.Domain.Replay.Export;

namespace Copilot.Web.Components.RunScreen.Export;

/// <summary>What somebody takes along.</summary>
internal enum ExportScope
{
    /// <summary>One run.</summary>
    Run,

    /// <summary>The measured stretch of it.</summary>
    Clip,

    /// <summary>Every run of its conversation.</summary>
    Conversation,
}

/// <summary>As what somebody takes it along.</summary>
internal enum ExportFormat
{
    /// <summary>A page that plays without a server.</summary>
    Html,

    /// <summary>Lines of JSON.</summary>
    Lines,

    /// <summary>Text for reading.</summary>
    Markdown,
}

/// <summary>What is exported, and how.</summary>
/// <param name="Scope">What.</param>
/// <param name="Format">As what.</param>
/// <param name="Redaction">What is covered in it.</param>
internal sealed record ExportChoice(ExportScope Scope, ExportFormat Format, Redaction Redaction);
