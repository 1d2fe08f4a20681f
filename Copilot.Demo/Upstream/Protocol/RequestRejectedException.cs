namespace Copilot.Demo.Upstream.Protocol;

/// <summary>A request that the API refuses before it generates anything.</summary>
internal sealed class RequestRejectedException(ApiError error) : Exception(error.Message)
{
    public ApiError Error { get; } = error;
}
