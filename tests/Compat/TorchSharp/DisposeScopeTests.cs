using TorchSharp;
using static TorchSharp.torch;

namespace GanPipeline.Compat.Tests;

[Collection(OneAtATime.Name)]
public class DisposeScopeTests
{
    [Fact]
    public void Scope_DisposesWhatWasMadeInIt()
    {
        Tensor made, moved, detached, outside = ones(1);
        var outer = NewDisposeScope();
        using (var inner = NewDisposeScope())
        {
            Assert.Same(inner, CurrentDisposeScope);
            made = outside + 1;
            moved = (made * 2).MoveToOuterDisposeScope();
            detached = (made * 3).DetachFromDisposeScope();
            Assert.Equal(1, inner.DisposablesCount);
            Assert.True(inner.Contains(made));
        }
        Assert.True(made.IsInvalid);
        Assert.Equal([4f, 6f, 1f], new[] { moved, detached, outside }.Select(t => t.item<float>()));
        Assert.Throws<InvalidOperationException>(() => made.sum());
        outer.Dispose();
        Assert.Null(CurrentDisposeScope);
        Assert.True(moved.IsInvalid);
        Assert.False(detached.IsInvalid);
        detached.Dispose();
        outside.Dispose();
    }

    [Fact]
    public void Statistics_CountEveryTensor()
    {
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        using (NewDisposeScope())
        {
            var a = ones(2, 3);
            using (a + 1) { }
            var kept = (a * 2).DetachFromDisposeScope();
            Assert.Equal((3, 1, 1), (statistics.CreatedInScopeCount, statistics.DisposedInScopeCount, statistics.DetachedFromScopeCount));
            kept.Dispose();
            Assert.Equal(1, statistics.DisposedOutsideScopeCount);
        }
        Assert.Equal((3, 2, 0), (statistics.CreatedInScopeCount, statistics.DisposedInScopeCount, statistics.ThreadTotalLiveCount));
        Assert.Equal(0, statistics.CreatedOutsideScopeCount);
    }

    [Fact]
    public void TrainingSteps_LeaveNothingBehind()
    {
        using var w = randn(4, 3).requires_grad_();
        void Step()
        {
            using var scope = NewDisposeScope();
            var y = nn.functional.leaky_relu(rand(8, 3).mm(w.t()), 0.2).clamp(min: -1).mean();
            y.backward();
            using (no_grad()) w.sub_(w.grad! * 0.1);
            w.grad = null;
            _ = y.ToSingle();
        }
        Step();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 20; i++) Step();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void DisposeEverythingBut_KeepsWhatIsNamed()
    {
        using var scope = NewDisposeScope();
        var (a, b, c) = (ones(1), ones(1), ones(1));
        Assert.Same(b, scope.DisposeEverythingBut(b));
        Assert.True(a.IsInvalid && c.IsInvalid && !b.IsInvalid);
        scope.Detach(b);
        scope.Attach(b);
        scope.Dispose();
        Assert.True(b.IsInvalid);
    }

    [Fact]
    public void Scopes_BelongToTheirThread()
    {
        using var scope = NewDisposeScope();
        Tensor? other = null;
        var thread = new Thread(() => other = ones(1));
        thread.Start();
        thread.Join();
        Assert.False(scope.Contains(other!));
        other!.Dispose();
    }
}
