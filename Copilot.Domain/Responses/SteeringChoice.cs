namespace Copilot.Domain.Responses;

/// <summary>Whether <c>response.steer</c> is used.</summary>
public enum SteeringChoice
{
    /// <summary>Where the model's family may support it, until the upstream says that this model does not.</summary>
    Auto,

    /// <summary>With every model, whatever the upstream has said before.</summary>
    On,

    /// <summary>Never: words for a run that works go in with its next request.</summary>
    Off,
}
