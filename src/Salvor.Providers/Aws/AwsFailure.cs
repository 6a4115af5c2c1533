using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.Runtime;
using Salvor.Errors;
using static Salvor.Providers.CallFailure;

namespace Salvor.Providers.Aws;

/// <summary>Turns what a call ended with into a sentence, a code, a hint, and whether it may pass.</summary>
internal static class AwsFailure
{
    /// <param name="exception">What a call ended with.</param>
    /// <param name="what">What was tried, as in "describe machine i-1".</param>
    public static SalvorException From(Exception exception, string what)
    {
        var start = $"Cannot {what}";
        if (Find<InvalidAnswerException>(exception) is { } invalid)
        {
            return new SalvorException(ErrorCode.CloudRefused, $"{start}: {invalid.Message.TrimEnd('.')}.", exception)
            {
                Hint = "Is there a proxy, or an endpoint of your own (AWS_ENDPOINT_URL), on the way?",
            };
        }

        return Find<AmazonServiceException>(exception) is { } answer && IsAnswer(answer)
            ? FromAnswer(answer.ErrorCode, answer.Message, answer.StatusCode, what, exception)
            : FromTransport(exception, start);
    }

    /// <param name="code">The service's code; null or empty where the answer had none.</param>
    /// <param name="said">The service's words, if any.</param>
    /// <param name="status">The status of the answer.</param>
    /// <param name="what">What was tried.</param>
    /// <param name="inner">The exception that it came as, if it was one.</param>
    public static SalvorException FromAnswer(
        string? code, string? said, HttpStatusCode status, string what, Exception? inner = null)
    {
        var name = string.IsNullOrEmpty(code) ? $"HTTP {(int)status}" : code;
        var words = string.IsNullOrWhiteSpace(said) ? "" : $": {OneLine(said)}";
        var meaning = AwsErrorCodes.Of(code, said, status);
        return new SalvorException(meaning, $"Cannot {what}: {name}{words}.", inner)
        {
            IsTransient = meaning == ErrorCode.CloudBusy,
            Hint = AwsErrorCodes.HintOf(meaning, code),
        };
    }

    private static SalvorException FromTransport(Exception e, string start)
    {
        if (Find<AuthenticationException>(e) is { } tls)
        {
            var reason = tls.InnerException?.Message ?? tls.Message;
            return new SalvorException(ErrorCode.CloudTls, $"{start}: TLS failed: {reason.TrimEnd('.')}.", e)
            {
                Hint = "Is there a proxy, or an endpoint of your own (AWS_ENDPOINT_URL), on the way?",
            };
        }

        if (Find<SocketException>(e) is { } socket)
        {
            return new SalvorException(ErrorCode.CloudUnreachable, $"{start}: {socket.Message.TrimEnd('.')}.", e)
            {
                IsTransient = true,
                Hint = "Check the region's name, the route, the firewall and any proxy.",
            };
        }

        if (IsBrokenLine(e) || IsBrokenLine(e.InnerException))
        {
            var reason = Find<TimeoutException>(e) is null && e is not OperationCanceledException
                ? e.Message.TrimEnd('.')
                : "it did not answer in time";
            return new SalvorException(ErrorCode.CloudUnreachable, $"{start}: {reason}.", e)
            {
                IsTransient = true,
                Hint = "The connection broke or took too long; it usually passes.",
            };
        }

        // What is left never went out: the SDK found nothing to sign with, and lists where it looked.
        return new SalvorException(ErrorCode.CloudCredentials, $"{start}: {OneLine(e.Message)}.", e)
        {
            Hint = AwsCredentialSource.Hint,
        };
    }
}
