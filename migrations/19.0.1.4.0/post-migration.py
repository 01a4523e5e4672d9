"""What open appraisals and their questions say in columns of their own from now on."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE hr_performance_appraisal
           SET is_collecting = TRUE
         WHERE state = 'open';
        UPDATE hr_performance_appraisal_item item
           SET required = question.required
          FROM hr_performance_template_question question
         WHERE question.id = item.question_id
           -- texts were never insisted on, and reviews are being written
           AND item.kind = 'rating';
        -- who has begun to review goes on as before; a new version of the form can change it
        UPDATE hr_performance_template form
           SET is_blind = FALSE
         WHERE EXISTS (
               SELECT FROM hr_performance_appraisal appraisal
                WHERE appraisal.template_id = form.id AND appraisal.state = 'open');
        """
    )
