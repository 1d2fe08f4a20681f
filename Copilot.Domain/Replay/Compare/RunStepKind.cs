namespace Copilot.Domain.Replay.Compare;

/// <summary>What a <see cref="RunStep"/> is.</summary>
public enum RunStepKind
{
    /// <summary>A message of a person: the question, or one to the agent while it worked.</summary>
    Message,

    /// <summary>A response of the model, with the tools that it called.</summary>
    Response,
}
