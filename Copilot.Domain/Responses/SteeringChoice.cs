namespace Copilot.Domain.Responses;

/// <summary>Whether <c>response.steer</c> is used.</summary>
public enum SteeringChoice
{
    /// <summary>Where the model's family may support it, until the upstream says that this model does not.</summary>
    Auto,

    /// <summary>With every model, even one that has refused it before.</summary>
    On,

    /// <summary>Never: messages to a working run go in with its next request.</summary>
    Off,
}
