using Salvor.Formats.Etcd.Requests;

namespace Salvor.Tests.Etcd.Replay;

/// <summary>A transaction as an object, and its encoding.</summary>
internal sealed record NaiveTxn(List<NaiveCompare> Compares, List<NaiveOp> Success, List<NaiveOp> Failure)
{
    public List<NaiveOp> Branch(bool success) => success ? Success : Failure;

    public byte[] Encode() => Request.TxnBody(
        [.. Compares.Select(c => Request.CompareBody(c.Target, c.Result, c.Key, c.Target == CompareTarget.Value
            ? c.Text
            : c.Number, c.RangeEnd))],
        [.. Success.Select(o => o.Encode())],
        [.. Failure.Select(o => o.Encode())]);
}
