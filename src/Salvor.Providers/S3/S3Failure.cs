using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.Runtime;
using Amazon.S3;
using Salvor.Errors;
using static Salvor.Providers.CallFailure;

namespace Salvor.Providers.S3;

/// <summary>Turns what the SDK throws into a sentence, a code, a hint, and whether it may pass.</summary>
internal static class S3Failure
{
    private const string BrokenHint = "The connection broke or took too long; it usually passes.";

    /// <param name="exception">What a call of the SDK ended with.</param>
    /// <param name="verb">What was tried, as in "put a/b into".</param>
    /// <param name="location">The store.</param>
    public static SalvorException From(Exception exception, string verb, string location)
    {
        var start = $"Cannot {verb} {location}";
        return Find<AmazonServiceException>(exception) is { } answer && IsAnswer(answer)
            ? FromAnswer(answer, start)
            : FromTransport(exception, start);
    }

    private static SalvorException FromAnswer(AmazonServiceException e, string start)
    {
        if (IsCutOff(e))
        {
            return new SalvorException(
                ErrorCode.StoreUnreachable, $"{start}: the answer, HTTP {(int)e.StatusCode}, broke off.", e)
            {
                IsTransient = true,
                Hint = BrokenHint,
            };
        }

        var name = string.IsNullOrEmpty(e.ErrorCode) ? $"HTTP {(int)e.StatusCode}" : e.ErrorCode;
        var said = string.IsNullOrWhiteSpace(e.Message) ? "" : $": {e.Message.TrimEnd('.')}";
        var code = S3ErrorCodes.Of(e.ErrorCode, e.StatusCode);
        return new SalvorException(code, $"{start}: {name}{said}.", e)
        {
            IsTransient = code == ErrorCode.StoreBusy,
            Hint = S3ErrorCodes.HintOf(code, e.ErrorCode, e.StatusCode),
        };
    }

    /// <summary>
    /// Whether the answer's body ended before it said what is wrong: the status alone does not tell an object that is
    /// absent from a bucket that is, nor a missing right from a wrong clock.
    /// </summary>
    private static bool IsCutOff(AmazonServiceException e) =>
        e is AmazonUnmarshallingException
        || (e is AmazonS3Exception { ResponseBody: { Length: > 0 } body }
            && body.StartsWith('<') && !body.Contains("</Error>", StringComparison.Ordinal)
            && !body.Contains("<html", StringComparison.OrdinalIgnoreCase));

    private static SalvorException FromTransport(Exception e, string start)
    {
        if (Find<AuthenticationException>(e) is { } tls)
        {
            var reason = tls.InnerException?.Message ?? tls.Message;
            return new SalvorException(ErrorCode.StoreTls, $"{start}: TLS failed: {reason.TrimEnd('.')}.", e)
            {
                Hint = "Is the endpoint's certificate for this name, in date, and signed by one in --s3-ca-file?",
            };
        }

        if (Find<SocketException>(e) is { } socket)
        {
            return new SalvorException(ErrorCode.StoreUnreachable, $"{start}: {socket.Message.TrimEnd('.')}.", e)
            {
                IsTransient = true,
                Hint = "Check the endpoint's name and port, the route, the firewall and any proxy.",
            };
        }

        if (IsBrokenLine(e) || IsBrokenLine(e.InnerException))
        {
            return new SalvorException(ErrorCode.StoreUnreachable, $"{start}: {e.Message.TrimEnd('.')}.", e)
            {
                IsTransient = true,
                Hint = BrokenHint,
            };
        }

        // What is left never went out: the SDK found nothing to sign with, and lists where it looked.
        return new SalvorException(ErrorCode.StoreCredentials, $"{start}: {OneLine(e.Message)}.", e)
        {
            Hint = S3ErrorCodes.HintOf(ErrorCode.StoreCredentials, null, 0),
        };
    }
}
