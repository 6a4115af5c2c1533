using Salvor.Errors;
using Salvor.Readiness.Protect.Endpoint;

namespace Salvor.Tests.Readiness.Protect.Endpoint;

public sealed class ApiEndpointTests
{
    [Theory]
    [InlineData("api.example.com", "api.example.com:6443")]
    [InlineData("API.example.com:443", "api.example.com:443")]
    [InlineData("api", "api:6443")]
    public void A_name_has_the_usual_port_unless_it_says_another(string text, string endpoint) =>
        Assert.Equal(endpoint, ApiEndpoint.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData(":6443")]
    [InlineData("10.0.0.5")]
    [InlineData("[::1]:6443")]
    [InlineData("api.example.com:")]
    [InlineData("api.example.com:0")]
    [InlineData("api.example.com:70000")]
    [InlineData("api.example.com:+1")]
    [InlineData("https://api.example.com")]
    [InlineData("api_1.example.com")]
    [InlineData("api.example.com.")]
    [InlineData("api.example.com\n")]
    public void What_is_no_name_is_refused(string text) =>
        Assert.Equal(ErrorCode.Usage, Assert.Throws<SalvorException>(() => ApiEndpoint.Parse(text)).Code);
}
