#ifndef VP_BESSEL_H
#define VP_BESSEL_H

/* The modified Bessel function of the first kind and order 0, by its power series. */
static inline double bessel_i0(double x) {
    const double q = x * x / 4;
    double sum = 1, term = 1;
    for (double k = 1; term > 1e-17 * sum; k++) {
        term *= q / (k * k);
        sum += term;
    }
    return sum;
}

#endif
